// A virtual user: this copy of the script. Others have copies of their own.
let user = 0; // its number, from 1
let vu = ''; // the same as text
let run = ''; // ${run}
let iteration = 0; // 0 in setup
let go = 0; // when all begin, in µs since 1970
let opens = Infinity; // the measurement window
let closes = Infinity;
let state = ''; // ready, or over

// Once: who this is, and when.
function introduce() {
  setClock();
  go = Number(__ENV.TASKBENCH_GO);
  user = exec.vu.idInTest;
  vu = String(user);
  run = __ENV.TASKBENCH_RUN || Math.floor(go / 1000).toString(16);
  opens = go + WARMUP;
  closes = opens + DURATION;
  if (closes < anchor) exec.test.abort(`TASKBENCH_GO is too long ago: the measurement was over ${Math.ceil((anchor - closes) / 1000000)} s before k6 began`);
}

// Once: sets up what has to be, and waits for the moment at which all begin. Who comes
// later counts from then on, and says so.
function start() {
  introduce();
  state = getReady() && now() < closes ? 'ready' : 'over';
  if (state === 'over') return;
  sleepUntil(go);
  record.ready = 1;
  record.opened = Math.max(opens, now());
}

// Behind the window an iteration goes on to its end, so that what it made is cleaned up,
// but not for ever.
function isOver() {
  return now() >= closes + OVERTIME + FINISH;
}
