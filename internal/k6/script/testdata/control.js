// control: control
//
// Made by taskbench from testdata/same/control.yaml for rust. By hand:
//   k6 run --log-format raw --log-output file=control.log control.js
//   taskbench parse --k6 control.log
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

const SCENARIO = 'control';
const SCENARIO_HASH = '7ad3ad966e304e0dcf6db4f2dae329923d90ea4bb35109382f071f5801a83434';
const TARGET = 'rust';
const MODE = 'flow';
const TARGET_URL = __ENV.TASKBENCH_URL || 'http://localhost:3001/base/';
const SEED = /^(0|-?[1-9]\d{0,17})$/.test(__ENV.TASKBENCH_SEED) ? __ENV.TASKBENCH_SEED : '42';
const USERS = 3; // virtual users, of all processes together
const DURATION = 10000000; // µs that are measured
const WARMUP = 2000000; // µs before that
const TIMEOUT = 10000000; // µs: a longer answer is late, and not good
const FINISH = 10000000; // µs behind the end in which iterations may be finished
const SPREAD = 9000; // µs in which virtual users begin, one after the other
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
  forget();
  end(send(start2) && send(each2) && send(some) && send(more2) && send(never) && send(busy) && send(poll) && send(twice) && send(hop) && send(keep) && send(pages));
}

// What an iteration before captured.
function forget() {
  got_path.next = '';
  there.next = '';
  there.none = '';
}

// What was captured, written the way its places need it.
const got = { result: '' };
const got_elements = { items: '' };
const got_path = { next: '' };
const got_url = { result: '' };

// What is sent of each element of a list.
const each_of = {
  items: listOf([
    { read: (answer) => json(answer, ['id']), text: true, write: (value, kind) => value },
    { read: (answer) => json(answer, []), text: false, write: (value, kind) => jsonLiteral(value, kind) },
    { read: (answer) => json(answer, ['id']), text: false, write: (value, kind) => jsonLiteral(value, kind) },
    { read: (answer) => json(answer, ['n']), text: true, write: (value, kind) => jsonText(value) },
    { read: (answer) => json(answer, ['n']), text: true, write: (value, kind) => url(value) },
  ]),
};

// setup step 1 of 1, login: POST /login
const login = {
  name: 'login',
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    const body = `user=${vu}`;
    return {
      method: 'POST',
      path: `${BASE}/login`,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
    if (!exists(legible(json(answer, ['who']), answer.body))) unmet('capture:who');
  },
};

// step 1 of 11, start: GET /list
const start2 = {
  name: 'start',
  redirects: 3, astray: 'redirects: at most 3, to this server',
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
      const it = legible(json(answer, ['items']), answer.body);
      if (it) {
        got_elements.items = it.value;
        if (each_of.items(it.value) === null) unmet('capture:items as list');
      } else {
        unmet('capture:items');
      }
    }
    {
      const it = legible(json(answer, ['next']), answer.body);
      if (it && it.kind !== 'null') {
        there.next = 'yes';
        got_path.next = asPath(it.value);
        if (got_path.next === null) unmet('capture:next as path');
      } else {
        there.next = '';
      }
    }
    {
      const it = legible(json(answer, ['none']), answer.body);
      if (it && it.kind !== 'null') {
        there.none = 'yes';
      } else {
        there.none = '';
      }
    }
  },
};

// step 2 of 11, each: POST /each/${each.n}
const each2 = {
  name: 'each',
  when: () => `${each[0]}` !== '3',
  list: () => each_of.items(got_elements.items) || [],
  most: 5,
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    const body = `{"whole":${each[1]},"id":${each[2]},"text":"n ${each[3]}","draw":${between(1, 100)}}`;
    return {
      method: 'POST',
      path: `${BASE}/each/${each[4]}`,
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

// step 3 of 11, some: GET /some
const some = {
  name: 'some',
  when: () => numberOf(`${between(1, 10)}`) <= numberOf('3'),
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    return {
      method: 'GET',
      path: `${BASE}/some`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 4 of 11, more: GET ${next}
const more2 = {
  name: 'more',
  when: () => there.next === 'yes',
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    return {
      method: 'GET',
      path: `${got_path.next}`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 5 of 11, never: GET /never
const never = {
  name: 'never',
  when: () => there.none === 'yes',
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    return {
      method: 'GET',
      path: `${BASE}/never`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 6 of 11, busy: POST /busy
const busy = {
  name: 'busy',
  tries: 3, busy: (status) => !(status !== 503), retryWait: 2,
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    const body = `{"n":${between(1, 100)}}`;
    return {
      method: 'POST',
      path: `${BASE}/busy`,
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

// step 7 of 11, poll: GET /poll
const poll = {
  name: 'poll',
  ends: 'until', times: 9, endless: 'until, in 9 answers',
  wait: 1,
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    return {
      method: 'GET',
      path: `${BASE}/poll`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
    met = (() => {
      if (!isText(json(answer, ['state']), 'done')) return false;
      return true;
    })();
    {
      const it = legible(json(answer, ['result']), answer.body);
      if (it && it.kind !== 'null') {
        got.result = it.value;
        got_url.result = url(it.value);
      } else if (met) {
        unmet('capture:result');
      }
    }
  },
};

// step 8 of 11, twice: GET /twice/${result}?r=${random(1,9)}
const twice = {
  name: 'twice',
  ends: 'times', times: 2, endless: 'times, in 2 answers',
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    return {
      method: 'GET',
      path: `${BASE}/twice/${got_url.result}?r=${between(1, 9)}`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 9 of 11, hop: POST /hop/1
const hop = {
  name: 'hop',
  redirects: 3, astray: 'redirects: at most 3, to this server',
  think: { ms: 1, draw: 'fixed' },
  ask() {
    return {
      method: 'POST',
      path: `${BASE}/hop/1`,
      headers: {
        'Content-Type': 'application/json',
      },
      body: '{"a":1}',
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 10 of 11, keep: POST /hop/7
const keep = {
  name: 'keep',
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    const body = `{"a":${between(1, 9)}}`;
    return {
      method: 'POST',
      path: `${BASE}/hop/7`,
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

// step 11 of 11, pages: GET /pages?after=${result}
const pages = {
  name: 'pages',
  ends: 'while', times: 5, endless: 'while, in 5 answers',
  met: () => `${got.result}` !== '3',
  redirects: 3, astray: 'redirects: at most 3, to this server',
  ask() {
    return {
      method: 'GET',
      path: `${BASE}/pages?after=${got_url.result}`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
    {
      const it = legible(json(answer, ['result']), answer.body);
      if (it && it.kind !== 'null') {
        got.result = it.value;
        got_url.result = url(it.value);
      } else {
        unmet('capture:result');
      }
    }
  },
};

const SETUP = [login];
const STEPS = [start2, each2, some, more2, never, busy, poll, twice, hop, keep, pages];

// What a setup leaves behind.
function made() {
  return { drawn, got, got_elements, got_path, got_url, jar, there };
}
const OWN_HOSTS = []; // by which the server knows itself, besides its address

// What is told beside steps.
function more() {
  return { iterations: iterationsOf(record) };
}

// Each virtual user is set up once: elsewhere, or here.
function getReady() {
  seedRandom(user);
  if (handed.length >= user) {
    take(handed[user - 1]);
    seedRandom(-user); // not once more what its setup drew
    return true;
  }
  seedRandom(user);
  return setUp(login);
}

const handed = new SharedArray('users', () => (__ENV.TASKBENCH_USERS ? open(__ENV.TASKBENCH_USERS).trim().split('\n') : []));
