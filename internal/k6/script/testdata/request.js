// single: single
//
// Made by taskbench from testdata/same/request.yaml for rust. By hand:
//   k6 run --log-format raw --log-output file=single.log single.js
//   taskbench parse --k6 single.log
// On several machines each k6 has a share, with the same TASKBENCH_GO and TASKBENCH_RUN:
//   k6 run --execution-segment 0:1/2 --execution-segment-sequence 0,1/2,1 …
// Each virtual user tells in a line what it counted. TASKBENCH_URL says where to send, TASKBENCH_RUN is ${run},
// TASKBENCH_SEED the seed of what is drawn, TASKBENCH_GO when all begin (µs since 1970), TASKBENCH_USERS a
// file of virtual users that are set up.

import crypto from 'k6/crypto';
import exec from 'k6/execution';
import http from 'k6/http';
import { sleep } from 'k6';

const SCENARIO = 'single';
const SCENARIO_HASH = 'b15a23fcf7b478f9781d9f058c2e6fc6d3f83bdf6da88c9e556902fdcc36d1cf';
const TARGET = 'rust';
const MODE = 'request';
const TARGET_URL = __ENV.TASKBENCH_URL || 'http://localhost:3001/base/';
const SEED = /^(0|-?[1-9]\d{0,17})$/.test(__ENV.TASKBENCH_SEED) ? __ENV.TASKBENCH_SEED : '42';
const USERS = 3; // virtual users, of all processes together
const DURATION = 10000000; // µs that are measured
const WARMUP = 2000000; // µs before that
const TIMEOUT = 10000000; // µs: a longer answer is late, and not good
const FINISH = 0; // µs behind the end in which iterations may be finished
const SPREAD = 0; // µs in which virtual users begin, one after the other
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

// One iteration.
export default function () {
  if (!begin()) return;
  end(send(single));
}

// step 1 of 1, single: POST /a/${random(1,99)}
const single = {
  name: 'single',
  ask() {
    const body = `{"i":${iteration},"u":"${uuid()}"}`;
    return {
      method: 'POST',
      path: `${BASE}/a/${between(1, 99)}`,
      headers: {
        'Content-Type': 'application/json',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
    if (!isBoolean(json(answer, ['ok']), 'true')) unmet('json:ok');
  },
};

const SETUP = [];
const STEPS = [single];

// What is told beside steps.
function more() {
  return {  };
}

// Nothing has to be set up.
function getReady() {
  seedRandom(user);
  return true;
}
