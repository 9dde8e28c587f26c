// Iterations begin on a schedule, whatever comes back. k6 numbers them: whoever is free
// takes the next arrival, and waits until it is due; one that is due already begins late,
// and what it waited is part of its latency. So a late answer does not move the schedule,
// and nothing is dropped without a word.
let due = 0; // when the iteration at hand arrived, in µs since all began
let first = false; // its first request is not sent yet
let early = false; // a virtual user waited for it
let counts = false; // it was due in the window, and all that becomes of it counts
let lateBy = 0; // µs by which it was sent later, until that is answered

const paced = {
  due: 0, begun: 0, unsent: 0, kept: 0, waits: 0, lag: 0, squares: 0, most: 0,
  service: new Map(),
  stages: STAGES.map(() => ({ due: 0, begun: 0, unsent: 0, kept: 0, good: 0, failed: 0, latency: histogram(), service: histogram() })),
};

// The stage that a moment is in; undefined in the warm-up, and where there are none.
function stageAt(time) {
  let k = STRETCHES.length - 1;
  while (k > STRETCHES.length - STAGES.length && time < STRETCHES[k].begins) k--;
  return paced.stages[k - STRETCHES.length + STAGES.length];
}

function countDue(what, time) {
  paced[what]++;
  const stage = stageAt(time);
  if (stage) stage[what]++;
}

// Begins the iteration that k6 has numbered, when it is due. False where it does not.
function begin() {
  if (!state) start();
  const number = exec.scenario.iterationInTest;
  if (state === 'over' || number >= ARRIVALS) { // there is one number more for each virtual user, to tell
    tellOnce();
    sleepUntil(closes + OVERTIME);
    return false;
  }
  due = dueAt(number);
  counts = due >= WARMUP;
  if (counts) countDue('due', due);
  const moment = go + due;
  const time = now();
  if (time > closes + OVERTIME || (!counts && time >= opens)) { // what the warm-up left over is not sent in the window
    if (counts) countDue('unsent', due);
    return false;
  }
  early = time < moment;
  sleepUntil(moment);
  iteration++;
  began = 0;
  first = true;
  answered = null;
  return true;
}

function inWindow() {
  return counts;
}

function secondOf() {
  return (due - WARMUP) / 1000000;
}

// The first request of an iteration was to be sent when it was due.
function sentAt(time) {
  if (!first) return time;
  first = false;
  lateBy = time - go - due;
  if (time >= opens && time < closes) countDue('begun', due + lateBy);
  if (early && counts) countLag();
  return time - lateBy;
}

function countLag() {
  paced.kept = due - WARMUP;
  const k = paced.stages.indexOf(stageAt(due));
  if (k >= 0) paced.stages[k].kept = due - STRETCHES[STRETCHES.length - STAGES.length + k].begins;
  paced.waits++;
  paced.lag += lateBy;
  paced.squares += lateBy * lateBy;
  paced.most = Math.max(paced.most, lateBy);
}

function serviceOf(step) {
  if (!paced.service.has(step)) paced.service.set(step, histogram());
  return paced.service.get(step);
}

function countService(latency) {
  const service = latency - lateBy;
  lateBy = 0;
  addLatency(serviceOf(at), service);
  const stage = stageAt(due);
  if (!stage) return;
  addLatency(stage.latency, latency);
  addLatency(stage.service, service);
  if (failed || latency > TIMEOUT) stage.failed++;
  else stage.good++;
}

function rateOf() {
  return {
    due: paced.due, begun: paced.begun, unsent: paced.unsent, kept_up_us: paced.kept,
    on_time: paced.waits, lag_sum_us: paced.lag, lag_squares_us2: paced.squares, lag_max_us: paced.most,
    service: STEPS.map((step) => latencyOf(serviceOf(step))),
    stages: STAGES.length > 0 ? paced.stages.map(stageRecord) : undefined,
  };
}

function stageRecord(of, k) {
  const { length, from, to } = STAGES[k];
  return {
    length_us: length, from_per_s: from * 1000000, to_per_s: to * 1000000,
    due: of.due, begun: of.begun, unsent: of.unsent, kept_up_us: of.kept, good: of.good, failed: of.failed,
    latency: latencyOf(of.latency), service: latencyOf(of.service),
  };
}
