// Begins an iteration: as soon as the one before is over. False where it does not.
function begin() {
  if (!state) beginSpread();
  if (state === 'over' || now() >= closes) {
    tellOnce();
    sleep(0.2); // until k6 ends the scenario
    return false;
  }
  iteration++;
  began = 0;
  return true;
}

// Who pauses begins at a moment of its own: all would ask at once again behind each
// pause, and a window would have an iteration more or less of each.
function beginSpread() {
  start();
  if (state === 'ready') sleepUntil(Math.min(go + (SPREAD * (user - 1)) / USERS, closes));
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
