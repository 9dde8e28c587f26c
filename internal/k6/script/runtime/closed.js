// Begins an iteration: as soon as the one before is over. False where it does not.
function begin() {
  if (!state) start();
  if (state === 'over' || now() >= closes) {
    tellOnce();
    sleep(0.2); // until k6 ends the scenario
    return false;
  }
  iteration++;
  began = 0;
  return true;
}

function inWindow(sent, time) {
  return time >= opens && time < closes;
}

function secondOf(time) {
  return (time - opens) / 1000000;
}

// When a request counts as sent, and how long its answer took.
function sentAt(time) {
  return time;
}

// Without a schedule the time of service is that of the answer.
function countService() {}
