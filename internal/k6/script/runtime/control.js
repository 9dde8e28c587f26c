// Steps that are sent more than once, or not at all: if, for_each, repeat, retry,
// redirects. What a step takes until it has its answer is one exchange: redirects that are
// followed and answers that are retried belong to it.
let each = []; // the element that for_each is at, written the way its places need it
let met = true; // the answer at hand is what until or while asks for
let again = false; // repeat asks once more
const there = {}; // there[NAME]: 'yes' where a capture found something

function numberOf(text) {
  return text.trim() === '' ? NaN : Number(text); // which compares with nothing
}

// Sends a step as often as it says, each time by once.
function goThrough(step, once) {
  if (!step.list) return (step.when && !step.when()) || repeat(step, once);
  const list = step.list();
  for (each of list.slice(0, step.most)) {
    if (step.when && !step.when()) continue;
    if (!repeat(step, once)) return false;
    if (step.eachWait) wait = step.eachWait;
  }
  return true;
}

function repeat(step, once) {
  for (let times = 1; ; times++) {
    again = false;
    if (!once(step, times)) return false;
    if (!again) return true;
  }
}

// Behind an answer that is as expected: whether repeat asks once more.
function repeats(step, times) {
  if (step.met) met = step.met();
  if (step.ends === 'times' ? times >= step.times : met === (step.ends === 'until')) return;
  if (times >= step.times) return unmet(step.endless);
  again = true;
  if (step.wait) wait = step.wait;
}

function look(step, answer, times) {
  met = true;
  step.judge(answer);
  if (step.ends && !failed) repeats(step, times);
}

// Whether another request of the same exchange follows: redirected, retried; or astray,
// where a redirect should have been followed and cannot.
function passing(step, answer, hand) {
  const passes = step.redirects && redirect(step, answer, hand);
  if (passes) return passes;
  if (!step.tries || hand.tries >= step.tries || !step.busy(answer.status)) return '';
  hand.tries++;
  wait = step.retryWait;
  return 'retried';
}

function countPassing(answer, how) {
  if (!counting) return;
  const into = recordOf(at);
  into[how]++;
  add(into.statuses, answer.status < 600 ? answer.status : 0);
  record.last = answer.time;
}
