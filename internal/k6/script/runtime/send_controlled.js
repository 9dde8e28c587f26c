// Sends a step, looks at its answers and counts them. True where they are as expected, and in time.
let began = 0; // when the iteration sent its first request
let ended = 0; // when its last answer came
let answered = null; // the step of the last answer

function send(step) {
  return goThrough(step, exchange);
}

function exchange(step, times) {
  const hand = { tries: 0, hops: 0, follows: null };
  for (let sent = 0; ; ) {
    pause();
    if (isOver()) return giveUp();
    hand.asked = hand.follows || step.ask();
    const answer = ask(step, hand.asked, TIMEOUT);
    if (answer.lost) return lose(answer);
    sent = sent || answer.sent;
    if (sent !== answer.sent) answer.latency = answer.time - sent;
    counting = inWindow(answer.sent, answer.time);
    const passes = answer.timedOut ? '' : passing(step, answer, hand);
    if (passes === 'redirected' || passes === 'retried') {
      countPassing(answer, passes);
      continue;
    }
    if (!answer.timedOut && !passes) look(step, answer, times);
    count(answer);
    return !failed && answer.latency <= TIMEOUT;
  }
}
