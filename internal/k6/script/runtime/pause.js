// The pause before a request, no longer than it may be sent.
let wait = null; // ms, in place of what think says

function pause() {
  const ms = wait === null ? thinkTime() : wait;
  wait = null;
  if (ms > 0) sleepUntil(Math.min(now() + ms * 1000, closes + OVERTIME + FINISH));
}
