// values: values
//
// Made by taskbench from testdata/same/values.yaml for rust. By hand:
//   k6 run --log-format raw --log-output file=values.log values.js
//   taskbench parse --k6 values.log
// On several machines each k6 has a share, with the same TASKBENCH_GO and TASKBENCH_RUN:
//   k6 run --execution-segment 0:1/2 --execution-segment-sequence 0,1/2,1 …
// Each virtual user tells in a line what it counted. TASKBENCH_URL says where to send, TASKBENCH_RUN is ${run},
// TASKBENCH_SEED the seed of what is drawn, TASKBENCH_GO when all begin (µs since 1970), TASKBENCH_USERS a
// file of virtual users that are set up.

import crypto from 'k6/crypto';
import encoding from 'k6/encoding';
import exec from 'k6/execution';
import http from 'k6/http';
import { SharedArray } from 'k6/data';
import { sleep } from 'k6';

const SCENARIO = 'values';
const SCENARIO_HASH = '0004f9921cc5e277a1cd0badbf692d829ac97773762bc5ee4328bb51cd4aedb7';
const TARGET = 'rust';
const MODE = 'flow';
const TARGET_URL = __ENV.TASKBENCH_URL || 'http://localhost:3001/base/';
const SEED = /^(0|-?[1-9]\d{0,17})$/.test(__ENV.TASKBENCH_SEED) ? __ENV.TASKBENCH_SEED : '42';
const USERS = 3; // virtual users, of all processes together
const DURATION = 10000000; // µs that are measured
const WARMUP = 2000000; // µs before that
const TIMEOUT = 10000000; // µs: a longer answer is late, and not good
const FINISH = 10000000; // µs behind the end in which iterations may be finished
const SPREAD = 14000; // µs in which virtual users begin, one after the other
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
  row.own = data.own[(user - 1 + Math.max(iteration - 1, 0)) % 3];
  row.people = data.people[Math.floor(random() * 3)];
}

// One iteration.
export default function () {
  if (!begin()) return;
  drawRows();
  end(send(values) && send(form) && send(follow) && send(file) && send(upload) && send(raw) && send(delete2));
}

// What was captured, written the way its places need it.
const got = { id: '' };
const got_header = { next: '' };
const got_int = { big: '' };
const got_json = { big: '' };
const got_list = { ids: '' };
const got_number = { price: '' };
const got_path = { next: '' };
const got_url = { id: '', named: '' };
const got_value = { all: '', any: '', big: '', first: '', ids: '', last: '', page: '', price: '' };

// Bodies that are no text.
const file$bytes1 = encoding.b64decode('iVBORwD//iBiaW4NCg==');
const upload$bytes2 = encoding.b64decode('DQotLXRhc2tiZW5jaC1iNzFjNWNjN2JmOGI4YjQ5ZTcyODE5YmE0YTU1MWEyZQ0KQ29udGVudC1EaXNwb3NpdGlvbjogZm9ybS1kYXRhOyBuYW1lPSJwaG90byI7IGZpbGVuYW1lPSJwaG90by5wbmciDQpDb250ZW50LVR5cGU6IGltYWdlL3BuZw0KDQqJUE5HAP/+IGJpbg0KDQotLXRhc2tiZW5jaC1iNzFjNWNjN2JmOGI4YjQ5ZTcyODE5YmE0YTU1MWEyZS0tDQo=');

// setup step 1 of 1, list: GET /list
const list = {
  name: 'list',
  ask() {
    const body = `{"at":${between(1, 1000)}}`;
    return {
      method: 'GET',
      path: `${BASE}/list`,
      headers: {
        'Content-Type': 'application/json',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
    {
      const it = legible(jsonQuery(answer, ['items', { each: true }, 'id']), answer.body);
      if (it) {
        got_list.ids = asList('ids', it, 2, [itemAsText]);
        if (got_list.ids === null) unmet('capture:ids as list');
        got_value.ids = jsonLiteral(it.value, it.kind);
      } else {
        unmet('capture:ids');
      }
    }
    {
      const it = legible(json(answer, ['items', '0', 'id']), answer.body);
      if (it) {
        got_value.first = jsonLiteral(it.value, it.kind);
      } else {
        unmet('capture:first');
      }
    }
    {
      const it = legible(json(answer, ['items', '1', 'id']), answer.body);
      if (it && it.kind !== 'null') {
        got_value.big = jsonLiteral(it.value, it.kind);
        got_int.big = asInt(it.value);
        if (got_int.big === null) unmet('capture:big as int');
        got_json.big = jsonText(it.value);
      } else {
        unmet('capture:big');
      }
    }
    {
      const it = legible(json(answer, ['items', '0', 'price']), answer.body);
      if (it) {
        got_value.price = jsonLiteral(it.value, it.kind);
        got_number.price = asNumber(it.value);
        if (got_number.price === null) unmet('capture:price as number');
      } else {
        unmet('capture:price');
      }
    }
    {
      const it = legible(itemOf('=last', json(answer, ['items']), -1), answer.body);
      if (it) {
        got_value.last = jsonLiteral(it.value, it.kind);
      } else {
        unmet('capture:last');
      }
    }
    {
      const it = legible(itemOf('=any', jsonQuery(answer, ['items', { each: true }, 'id']), between), answer.body);
      if (it) {
        got_value.any = jsonLiteral(it.value, it.kind);
      } else {
        unmet('capture:any');
      }
    }
    {
      const it = legible(jsonQuery(answer, ['items', { op: '==', field: ['n'], value: 'b/c', kind: 'string', all: false }, 'n']), answer.body);
      if (it && it.kind !== 'null') {
        got_url.named = url(it.value);
      } else {
        unmet('capture:named');
      }
    }
    {
      const it = legible(json(answer, ['next']), answer.body);
      if (it && it.kind !== 'null') {
        got_header.next = line(it.value);
        got_path.next = asPath(it.value);
        if (got_path.next === null) unmet('capture:next as path');
      } else {
        unmet('capture:next');
      }
    }
    {
      const it = legible(allMatches(body(answer), /"n":"([^"]+)"/ug), answer.body);
      if (it) {
        got_value.all = jsonLiteral(it.value, it.kind);
      } else {
        unmet('capture:all');
      }
    }
    {
      const it = legible(match(json(answer, ['next']), /page=([0-9]+)/u), answer.body);
      if (it) {
        got_value.page = jsonLiteral(it.value, it.kind);
      } else {
        unmet('capture:page');
      }
    }
  },
};

// step 1 of 7, values: POST /values/${named}/${item(ids,random)}?u=u-${vu}-${run}&n=20&p=${people.name}
const values = {
  name: 'values',
  think: { ms: 2, draw: 'exponential' },
  ask() {
    const body = `{"odd":"it's \`a\` \\\\ \\"b\\" ${iteration} <\/script> \${x} é😀 \\u2028\\u0001\u007f","in":"<it's \`a\` \\\\ \\"b\\" ${iteration} <\/script> \${x} é😀 \\u2028\\u0001\u007f>","seq":${nextNumber()},"uuid":"${uuid()}","uuids":"${uuid()} ${uuid()}","six":${between(1, 6)},"big":${between(900000000000000, 900000000000009)},"pick":${pick([jsonLiteral('1'), jsonLiteral('two'), jsonLiteral('true'), jsonLiteral('c, d')])},"run":"${jsonText(run)}","env":${jsonLiteral((__ENV.TASKBENCH_TEST_VALUE || ''))},"env2":"<${jsonText((__ENV.TASKBENCH_TEST_VALUE || ''))}>","now":${nowSeconds(0)},"ms":${nowMs(0)},"iso":${jsonLiteral(nowIso(0), 'string')},"away":${jsonLiteral(nowHttp(3600000), 'string')},"day":${jsonLiteral(nowText('%Y-%m-%d', -86400000), 'string')},"first":${got_value.first},"number":${got_value.big},"int":${got_int.big},"text":"${got_json.big}","price":${got_value.price},"float":${got_number.price},"last":${got_value.last},"any":${got_value.any},"item":${literalOf(item('ids', got_list.ids, 1))},"itemtext":"x${jsonText(textOfItem(item('ids', got_list.ids, -1)))}","list":${got_value.ids},"all":${got_value.all},"email":${jsonLiteral(row.people.email, 'string')},"name":${jsonLiteral(row.own.name, 'string')},"page":${got_value.page},"url":"${jsonText(url(`it's \`a\` \\ "b" ${iteration} <\/script> \${x} é😀 \u2028\u0001\u007f`))}","nested":{"a":[1,2.50,null,true,{"b":${vu}}]}}`;
    return {
      method: 'POST',
      path: `${BASE}/values/${got_url.named}/${url(textOfItem(item('ids', got_list.ids, between)))}?u=u-${vu}-${url(run)}&n=20&p=${url(row.people.name)}`,
      headers: {
        Authorization: `Basic ${line(encoding.b64encode(`u-${vu}-${run}:it's \`a\` \\ "b" ${iteration} <\/script> \${x} é😀 \u2028\u0001\u007f`))}`,
        'X-Sum': `${line(crypto.hmac('sha256', `u-${vu}-${run}`, `it's \`a\` \\ "b" ${iteration} <\/script> \${x} é😀 \u2028\u0001\u007f${iteration}`, 'hex'))}`,
        'X-Sum2': `${line(crypto.hmac('sha256', `u-${vu}-${run}`, `it's \`a\` \\ "b" ${iteration} <\/script> \${x} é😀 \u2028\u0001\u007f`, 'base64'))}`,
        'X-Next': `${got_header.next}`,
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
        got_url.id = url(it.value);
        got.id = it.value;
      } else {
        unmet('capture:id');
      }
    }
  },
};

// step 2 of 7, form: POST /form
const form = {
  name: 'form',
  think: { ms: 2, draw: 'exponential' },
  ask() {
    const body = `a=it%27s%20%60a%60%20%5C%20%22b%22%20${iteration}%20%3C%2Fscript%3E%20%24%7Bx%7D%20%C3%A9%F0%9F%98%80%20%E2%80%A8%01%7F&id=${got_url.id}&tag=x&tag=${url(row.people.name)}`;
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

// step 3 of 7, follow: GET ${next}
const follow = {
  name: 'follow',
  think: { ms: 2, draw: 'exponential' },
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

// step 4 of 7, file: PUT /file
const file = {
  name: 'file',
  think: { ms: 2, draw: 'exponential' },
  ask() {
    return {
      method: 'PUT',
      path: `${BASE}/file`,
      headers: {},
      body: file$bytes1,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 5 of 7, upload: POST /upload
const upload = {
  name: 'upload',
  think: { ms: 2, draw: 'exponential' },
  ask() {
    const body = bytes(['--taskbench-b71c5cc7bf8b8b49e72819ba4a551a2e\r\nContent-Disposition: form-data; name="title"\r\n\r\nfor ', `${got.id}`, ' ', `${uuid()}`, upload$bytes2]);
    return {
      method: 'POST',
      path: `${BASE}/upload`,
      headers: {
        'Content-Type': 'multipart/form-data; boundary=taskbench-b71c5cc7bf8b8b49e72819ba4a551a2e',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 6 of 7, raw: PATCH /raw
const raw = {
  name: 'raw',
  think: { ms: 3, draw: 'uniform' },
  ask() {
    const body = `it's \`a\` \\ "b" ${iteration} <\/script> \${x} é😀 \u2028\u0001\u007f|${iteration}|${row.own.email}\u0000`;
    return {
      method: 'PATCH',
      path: `${BASE}/raw`,
      headers: {
        'Content-Type': 'text/plain',
      },
      body,
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

// step 7 of 7, delete: DELETE /x/${id}
const delete2 = {
  name: 'delete',
  think: { ms: 1, draw: 'fixed' },
  ask() {
    return {
      method: 'DELETE',
      path: `${BASE}/x/${got_url.id}`,
      headers: {},
    };
  },
  judge(answer) {
    if (answer.status >= 400) return unmet('status');
  },
};

const SETUP = [list];
const STEPS = [values, form, follow, file, upload, raw, delete2];

// What a setup leaves behind.
function made() {
  return { drawn, got, got_header, got_int, got_json, got_list, got_number, got_path, got_url, got_value };
}
const OWN_HOSTS = []; // by which the server knows itself, besides its address

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
  return setUp(list);
}

const handed = new SharedArray('users', () => (__ENV.TASKBENCH_USERS ? open(__ENV.TASKBENCH_USERS).trim().split('\n') : []));
