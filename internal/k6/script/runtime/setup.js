// Setup: each virtual user runs these steps once, and is not measured. An answer may take
// longer than a measured one: servers give up on a crowd.
function setUp(step) {
  for (let broken = 0; ; ) {
    const answer = ask(step, step.ask(), TIMEOUT + 300000 * USERS);
    if (answer.lost && broken++ < 3) continue;
    counting = true;
    if (answer.lost || answer.timedOut) unmet('lost');
    else step.judge(answer);
    return countSetUp(step, answer);
  }
}

function countSetUp(step, answer) {
  const into = recordOf(step);
  countAnswer(into, answer.status, answer.body);
  addLatency(into.latency, answer.latency);
  counting = false;
  return !failed;
}
