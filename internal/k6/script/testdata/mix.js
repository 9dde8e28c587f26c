// mix: mix
//
// Made by taskbench from testdata/same/mix.yaml for rust. By hand:
//   k6 run --log-format raw --log-output file=mix.log mix.js
//   taskbench parse --k6 mix.log
// On several machines each k6 has a share, with the same TASKBENCH_GO and TASKBENCH_RUN:
//   k6 run --execution-segment 0:1/2 --execution-segment-sequence 0,1/2,1 …
// Each virtual user tells in a line what it counted. TASKBENCH_URL says where to send, TASKBENCH_RUN is ${run},
// TASKBENCH_SEED the seed of what is drawn, TASKBENCH_GO when all begin (µs since 1970), TASKBENCH_USERS a
// file of virtual users that are set up.

import crypto from 'k6/crypto';
import exec from 'k6/execution';
import http from 'k6/http';
import { SharedArray } from 'k6/data';
import { sleep } from 'k6';

const SCENARIO = 'mix';
const SCENARIO_HASH = 'ec7b7e5b6fcd45f6498b65d0402d7dd842371d82eebb3960ad48a1bb9530fa96';
const TARGET = 'rust';
const MODE = 'mix';
const TARGET_URL = __ENV.TASKBENCH_URL || 'http://localhost:3001/base/';
const SEED = /^(0|-?[1-9]\d{0,17})$/.test(__ENV.TASKBENCH_SEED) ? __ENV.TASKBENCH_SEED : '42';
const USERS = 3; // virtual users, of all processes together
const DURATION = 10000000; // µs that are measured
const WARMUP = 2000000; // µs before that
const TIMEOUT = 10000000; // µs: a longer answer is late, and not good
const FINISH = 0; // µs behind the end in which iterations may be finished
const SPREAD = 1000; // µs in which virtual users begin, one after the other
const OVERTIME = 0; // µs behind the end in which what was due before may be sent
const [, ORIGIN, SCHEME, HOST, PATH] = target();
const BASE = PATH.replace(/\/+$/, ''); // what stands before the path of every step

const GO = goTime();
const env = { TASKBENCH_GO: String(GO) }; // one moment for all virtual users

export const options = {
  scenarios: {
    load: { executor: 'constant-vus', vus: USERS, duration: until(WARMUP + DURATION + 2000000), gracefulStop: '11s', env },
    tell: { exec: 'tell', executor: 'per-vu-iterations', vus: USERS, iterations: 1, startTime: until(WARMUP + DURATION + OVERTIME + 13500000), maxDuration: '1m', env },
  },
  userAgent: '',
  maxRedirects: 0,
  throw: true, // what broke is counted, and not logged
  insecureSkipTLSVerify: true,
  systemTags: ['name', 'status', 'scenario'],
};

// Data: k6 keeps one copy for all virtual users.
const data = {
  people: new SharedArray('data people', () => [
    { email: 'ada@example.org', name: 'Ada "the first"' },
    { email: 'ünï@example.org', name: 'Ünï' },
    { email: 'x+y@example.org', name: '' },
  ]),
};

// The row of each that is used for a whole iteration.
const row = {};

function drawRows() {
  row.people = data.people[Math.floor(random() * 3)];
}

// An iteration is one of these, drawn by weight; get steps() does not look at them before they are there.
const MIX = [
  { name: 'read', weight: 5, get steps() { return [read]; } },
  { name: 'write', weight: 2.5, get steps() { return [write]; } },
  { name: 'function', weight: 0.5, get steps() { return [function2]; } },
];

// One iteration.
export default function () {
  if (!begin()) return;
  const one = draw(MIX);
  drawRows();
  end(one.steps.every(send));
}

// step 1 of 3, read: GET /items/${random(1,9)}
const read = {
  name: 'read',
  think: { ms: 1, draw: 'fixed' },
  ask() {
    return {
      method: 'GET',
      path: `${BASE}/items/${between(1, 9)}`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 2 of 3, write: PUT /items/1
const write = {
  name: 'write',
  think: { ms: 1, draw: 'fixed' },
  ask() {
    const body = `{"count":${nextNumber()},"who":${jsonLiteral(row.people.name, 'string')}}`;
    return {
      method: 'PUT',
      path: `${BASE}/items/1`,
      headers: {
        'Content-Type': 'application/json',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 3 of 3, function: DELETE /items/${iteration}
const function2 = {
  name: 'function',
  think: { ms: 1, draw: 'fixed' },
  ask() {
    return {
      method: 'DELETE',
      path: `${BASE}/items/${iteration}`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

const SETUP = [];
const STEPS = [read, write, function2];

// What is told beside steps.
function more() {
  return {  };
}

// Nothing has to be set up.
function getReady() {
  seedRandom(user);
  return true;
}
