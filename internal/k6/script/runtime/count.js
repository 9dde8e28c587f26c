// What is counted. A histogram has 64 buckets for every power of two: the exponent and
// the top six bits of the mantissa of a number of µs. So those of all virtual users add
// up exactly, and the relative error is below 0.8 %.
const bits = new Float64Array(1);
const words = new Uint32Array(bits.buffer);

function bucketOf(microseconds) {
  bits[0] = microseconds;
  return Math.min(1727, Math.max(0, (words[1] >>> 14) - 65472));
}

function histogram() {
  return { count: 0, sum: 0, min: 0, max: 0, buckets: new Uint32Array(1728) };
}

function addLatency(into, microseconds) {
  into.buckets[bucketOf(microseconds)]++;
  into.count++;
  into.sum += microseconds;
  if (microseconds > into.max) into.max = microseconds;
  if (microseconds < into.min || into.min === 0) into.min = microseconds;
}

function stepRecord(step) {
  return { name: step.name, answers: 0, bad: 0, late: 0, redirected: 0, retried: 0, statuses: {}, unmet: {}, example: null, latency: histogram() };
}

const record = {
  ready: 0, // whether it was set up, and there before the end
  opened: 0, // when it began to count
  sent: 0, // when the request was sent that waits for its answer; 0: none
  last: 0, // when the last answer came that counts
  requests: 0, bytes: 0, timeouts: 0, refused: 0, // of the whole run
  lost: 0, unanswered: 0, // in the window
  completed: 0, failed: 0, iterations: histogram(),
  good: [], bad: [], // by second
  steps: new Map(),
};

let at = null; // the step whose answer is looked at
let counting = false; // it falls into the window
let failed = ''; // the first expectation that it did not meet
let missed = {}; // all of them

// What is not as expected is counted once for each answer.
function unmet(name) {
  failed = failed || name;
  if (missed[name]) return;
  missed[name] = true;
  if (counting) add(recordOf(at).unmet, name);
}

function recordOf(step) {
  if (!record.steps.has(step)) record.steps.set(step, stepRecord(step));
  return record.steps.get(step);
}

function add(counts, key) {
  counts[key] = (counts[key] || 0) + 1;
}

// At most 500 bytes of a text.
function cut(text) {
  let bytes = 0;
  let end = 0;
  for (const c of text.slice(0, 500)) {
    const code = c.codePointAt(0);
    bytes += code < 128 ? 1 : code < 2048 ? 2 : code < 65536 ? 3 : 4;
    if (bytes > 500) break;
    end += c.length;
  }
  return text.slice(0, end);
}

function countAnswer(into, status, body) {
  into.answers++;
  add(into.statuses, status < 600 ? status : 0);
  if (!failed) return;
  into.bad++;
  if (!into.example) into.example = { unmet: failed, status, body: cut(body) };
}

function countSecond(seconds, time) {
  const second = Math.floor(secondOf(time));
  seconds[second] = (seconds[second] || 0) + 1;
}

function countMeasured(status, body, latency, time) {
  const into = recordOf(at);
  const late = latency > TIMEOUT;
  countService(latency);
  countAnswer(into, status, body);
  addLatency(into.latency, latency);
  if (late) {
    into.late++;
    if (!failed) into.bad++;
  }
  countSecond(failed || late ? record.bad : record.good, time);
  record.last = time;
}
