// Sends a step, looks at its answer and counts it. True where that is as expected, and in time.
let began = 0; // when the iteration sent its first request
let ended = 0; // when its last answer came
let answered = null; // the step of the last answer

function send(step) {
  pause();
  if (isOver()) return giveUp();
  const answer = ask(step, step.ask(), TIMEOUT);
  if (answer.lost) return lose(answer);
  counting = inWindow(answer.sent, answer.time);
  if (!answer.timedOut) step.judge(answer);
  count(answer);
  return !failed && answer.latency <= TIMEOUT;
}
