// everything: everything
//
// Made by taskbench from testdata/same/everything.yaml for rust. By hand:
//   k6 run --log-format raw --log-output file=everything.log everything.js
//   taskbench parse --k6 everything.log
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

const SCENARIO = 'everything';
const SCENARIO_HASH = 'b618e848691abadf1ff403032f0d49dfefd31b30756453fffc0d387f1e27f141';
const TARGET = 'rust';
const MODE = 'flow';
const TARGET_URL = __ENV.TASKBENCH_URL || 'http://localhost:3001/base/';
const SEED = /^(0|-?[1-9]\d{0,17})$/.test(__ENV.TASKBENCH_SEED) ? __ENV.TASKBENCH_SEED : '42';
const USERS = 2; // virtual users, of all processes together
const DURATION = 1000000; // µs that are measured
const WARMUP = 0; // µs before that
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
  own: new SharedArray('data own', () => [
    { email: 'ada@example.org', name: 'Ada "the first"' },
    { email: 'ünï@example.org', name: 'Ünï' },
    { email: 'x+y@example.org', name: '' },
  ]),
  people: new SharedArray('data people', () => [
    { email: 'ada@example.org', name: 'Ada "the first"' },
    { email: 'ünï@example.org', name: 'Ünï' },
    { email: 'x+y@example.org', name: '' },
  ]),
};

// The row of each that is used for a whole iteration.
const row = {};

function drawRows() {
  row.own = data.own[(user - 1) % 3];
  row.people = data.people[(user - 1 + Math.max(iteration - 1, 0)) % 3];
}

// One iteration.
export default function () {
  if (!begin()) return;
  drawRows();
  end(send(json2) && send(form) && send(raw));
}

// What was captured, written the way its places need it.
const got = { quoted: '' };
const got_header = { csrf: '', quoted: '', session: '' };
const got_json = { id: '', quoted: '' };
const got_url = { csrf: '', location: '', quoted: '' };
const got_value = { csrf: '', id: '', quoted: '' };

// setup step 1 of 1, start: POST /start
const start2 = {
  name: 'start',
  ask() {
    const body = `{"user":"u-${jsonText(run)}-${vu}","email":${jsonLiteral(row.own.email, 'string')},"name":${jsonLiteral(row.own.name, 'string')},"odd":"a\\"b\\\\c]]--\\u0001é\\n"}`;
    return {
      method: 'POST',
      path: `${BASE}/start`,
      headers: {
        'Content-Type': 'application/json',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status < 200 || answer.status > 299) return unmet('status');
    if (!exists(json(answer, ['data', 'id']))) unmet('json:data.id');
    if (!absent(json(answer, ['data', 'gone']))) unmet('json:data.gone');
    if (!isKind(json(answer, ['data', 'kind']), 'string')) unmet('json:data.kind');
    if (!isNumber(json(answer, ['data', 'list', '#']), '2')) unmet('json:data.list.#');
    {
      const it = legible(json(answer, ['data', 'id']), answer.body);
      if (it && it.kind !== 'null') {
        got_value.id = jsonLiteral(it.value, it.kind);
        got_json.id = jsonText(it.value);
      } else {
        unmet('capture:id');
      }
    }
    {
      const it = legible(json(answer, ['data', 'text']), answer.body);
      if (it && it.kind !== 'null') {
        got_json.quoted = jsonText(it.value);
        got_value.quoted = jsonLiteral(it.value, it.kind);
        got_url.quoted = url(it.value);
        got_header.quoted = line(it.value);
        got.quoted = it.value;
      } else {
        unmet('capture:quoted');
      }
    }
    {
      const it = legible(header(answer, 'Location'));
      if (it && it.kind !== 'null') {
        got_url.location = url(it.value);
      } else {
        unmet('capture:location');
      }
    }
    {
      const it = legible(cookie(answer, 'session'));
      if (it && it.kind !== 'null') {
        got_header.session = line(it.value);
      } else {
        unmet('capture:session');
      }
    }
    {
      const it = legible(match(body(answer), /csrf="([^"]+)"/u), answer.body);
      if (it && it.kind !== 'null') {
        got_value.csrf = jsonLiteral(it.value, it.kind);
        got_header.csrf = line(it.value);
        got_url.csrf = url(it.value);
      } else {
        unmet('capture:csrf');
      }
    }
  },
};

// step 1 of 3, json: POST /json/${quoted}?at=${location}
const json2 = {
  name: 'json',
  ask() {
    const body = `{"number":${got_value.id},"text":"${got_json.id}","inside":"<${got_json.quoted}>","whole":${got_value.quoted},"csrf":${got_value.csrf},"seq":${nextNumber()},"uuid":"${uuid()}","random":${between(1, 6)},"big":${between(900000000000000, 900000000000009)},"pick":${pick([jsonLiteral('1'), jsonLiteral('two'), jsonLiteral('true')])},"now":${nowSeconds(0)},"ms":${nowMs(0)},"env":${jsonLiteral((__ENV.TASKBENCH_TEST_VALUE || ''))},"email":${jsonLiteral(row.people.email, 'string')}}`;
    return {
      method: 'POST',
      path: `${BASE}/json/${got_url.quoted}?at=${got_url.location}`,
      headers: {
        Cookie: `session=${got_header.session}`,
        'X-CSRF': `${got_header.csrf}`,
        'X-Odd': `${got_header.quoted}`,
        'Content-Type': 'application/json',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status < 200 || answer.status > 204) return unmet('status');
    if (!matches(header(answer, 'Content-Type'), /^application\/(?:[0-9A-Z_a-z]+)/u)) unmet('header:content-type');
    if (!absent(header(answer, 'X-Gone'))) unmet('header:X-Gone');
    if (!isNumber(json(answer, ['count']), '5')) unmet('json:count');
    if (!isNumber(json(answer, ['ratio']), '0.5')) unmet('json:ratio');
    if (!isBoolean(json(answer, ['ok']), 'true')) unmet('json:ok');
    if (!isKind(json(answer, ['none']), 'null')) unmet('json:none');
    if (!contains(json(answer, ['name']), '"x')) unmet('json:name');
    if (!matches(json(answer, ['name']), /^[^\n]é/u)) unmet('json:name');
  },
};

// step 2 of 3, form: POST /form
const form = {
  name: 'form',
  ask() {
    const body = `vu=${vu}&name=${url(row.people.name)}&csrf=${got_url.csrf}&tag=x&tag=y`;
    return {
      method: 'POST',
      path: `${BASE}/form`,
      headers: {
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 3 of 3, raw: PUT /raw
const raw = {
  name: 'raw',
  ask() {
    const body = `${got.quoted}|${iteration}|\${x}\u0000`;
    return {
      method: 'PUT',
      path: `${BASE}/raw`,
      headers: {
        Host: 'other.example',
        'Content-Type': 'text/plain',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
    if (!isText(body(answer), '')) unmet('body');
    if (!isText(body(answer), '')) unmet('body');
  },
};

const SETUP = [start2];
const STEPS = [json2, form, raw];

// What a setup leaves behind.
function made() {
  return { drawn, got, got_header, got_json, got_url, got_value };
}

// What is told beside steps.
function more() {
  return { iterations: iterationsOf(record) };
}

// Each virtual user is set up once: elsewhere, or here.
function getReady() {
  seedRandom(user);
  drawRows();
  if (handed.length >= user) {
    take(handed[user - 1]);
    seedRandom(-user); // not once more what its setup drew
    return true;
  }
  seedRandom(user);
  return setUp(start2);
}

const handed = new SharedArray('users', () => (__ENV.TASKBENCH_USERS ? open(__ENV.TASKBENCH_USERS).trim().split('\n') : []));
