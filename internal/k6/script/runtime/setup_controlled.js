// Setup: each virtual user runs these steps once, and is not measured. An answer may take
// longer than a measured one: servers give up on a crowd.
function setUp(step) {
  return goThrough(step, setUpOnce);
}

function setUpOnce(step, times) {
  const hand = { tries: 0, hops: 0, follows: null };
  for (let broken = 0; ; ) {
    pause();
    hand.asked = hand.follows || step.ask();
    const answer = ask(step, hand.asked, TIMEOUT + 300000 * USERS);
    if (answer.lost && broken++ < 3) continue;
    counting = true;
    const passes = answer.lost || answer.timedOut ? '' : passing(step, answer, hand);
    if (answer.lost || answer.timedOut) unmet('lost');
    else if (!passes) look(step, answer, times);
    const good = countSetUp(step, answer);
    if (!good || (passes !== 'redirected' && passes !== 'retried')) return good;
  }
}

function countSetUp(step, answer) {
  const into = recordOf(step);
  countAnswer(into, answer.status, answer.body);
  addLatency(into.latency, answer.latency);
  counting = false;
  return !failed;
}
