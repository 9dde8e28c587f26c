// journeys: journeys
//
// Made by taskbench from testdata/same/journeys.yaml for rust. By hand:
//   k6 run --log-format raw --log-output file=journeys.log journeys.js
//   taskbench parse --k6 journeys.log
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

const SCENARIO = 'journeys';
const SCENARIO_HASH = '0f5ed12c4b3c5a2edd6f31c3ed25ef61f61bb5f71461a409b41cee0d2f0dabf0';
const TARGET = 'rust';
const MODE = 'mix';
const TARGET_URL = __ENV.TASKBENCH_URL || 'http://localhost:3001/base/';
const SEED = /^(0|-?[1-9]\d{0,17})$/.test(__ENV.TASKBENCH_SEED) ? __ENV.TASKBENCH_SEED : '42';
const USERS = 3; // virtual users, of all processes together
const DURATION = 10000000; // µs that are measured
const WARMUP = 2000000; // µs before that
const TIMEOUT = 10000000; // µs: a longer answer is late, and not good
const FINISH = 10000000; // µs behind the end in which iterations may be finished
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
  { name: 'browse', weight: 3, get steps() { return [browseList, browseOne]; } },
  { name: 'buy', weight: 1, get steps() { return [buyOrder, buyPay]; } },
  { name: 'alone', weight: 1, get steps() { return [alone]; } },
];

// One iteration.
export default function () {
  if (!begin()) return;
  drawRows();
  const one = draw(MIX);
  endJourney(one, one.steps.every(send));
}

// What was captured, written the way its places need it.
const got_url = { id: '', order: '' };

// step 1 of 5, browse.list: GET /list
const browseList = {
  name: 'browse.list',
  ask() {
    return {
      method: 'GET',
      path: `${BASE}/list`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
    {
      const it = legible(json(answer, ['items', '0', 'id']), answer.body);
      if (it && it.kind !== 'null') {
        got_url.id = url(it.value);
      } else {
        unmet('capture:id');
      }
    }
  },
};

// step 2 of 5, browse.one: GET /items/${id}?p=${people.name}
const browseOne = {
  name: 'browse.one',
  ask() {
    return {
      method: 'GET',
      path: `${BASE}/items/${got_url.id}?p=${url(row.people.name)}`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 3 of 5, buy.order: POST /orders
const buyOrder = {
  name: 'buy.order',
  ask() {
    const body = `{"n":${between(1, 9)}}`;
    return {
      method: 'POST',
      path: `${BASE}/orders`,
      headers: {
        'Content-Type': 'application/json',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
    {
      const it = legible(json(answer, ['id']), answer.body);
      if (it && it.kind !== 'null') {
        got_url.order = url(it.value);
      } else {
        unmet('capture:order');
      }
    }
  },
};

// step 4 of 5, buy.pay: POST /orders/${order}/payment
const buyPay = {
  name: 'buy.pay',
  ask() {
    return {
      method: 'POST',
      path: `${BASE}/orders/${got_url.order}/payment`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 5 of 5, alone: GET /alone
const alone = {
  name: 'alone',
  ask() {
    return {
      method: 'GET',
      path: `${BASE}/alone`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

const SETUP = [];
const STEPS = [browseList, browseOne, buyOrder, buyPay, alone];

// What is told beside steps.
function more() {
  return { journeys: MIX.map(journeyOf) };
}

// Nothing has to be set up.
function getReady() {
  seedRandom(user);
  return true;
}
