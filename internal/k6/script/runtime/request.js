// What comes back of a request: status, headers, body, cookies; when it was sent, when it
// was over and how long it took, in µs.
function ask(step, asked, timeout) {
  at = step;
  failed = '';
  missed = {};
  record.requests++;
  const time = now();
  const sent = sentAt(time);
  record.sent = sent;
  if (!began) began = sent;
  const answer = request(step, asked, timeout);
  ended = now();
  if (answer.lost) answer.service = ended - time;
  answer.sent = sent;
  answer.time = ended;
  answer.latency = time - sent + answer.service;
  if (answer.lost && ended - time > timeout - 1000) giveUpOn(answer);
  record.sent = 0;
  answered = step;
  return answer;
}

let noCookies = null; // a jar that nobody looks into

function request(step, asked, timeout) {
  const odd = oddPath(asked.path);
  if (odd) return lostBy(odd);
  noCookies = noCookies || new http.CookieJar();
  const params = { headers: headersOf(asked), timeout: timeout / 1000, jar: noCookies, tags: { name: step.name } };
  try {
    const res = http.request(asked.method, ORIGIN + asked.path, asked.body || null, params); // text without a letter has no length for k6
    if (res.headers['Set-Cookie'] !== undefined) keepCookies(asked, res);
    const body = res.body || '';
    record.bytes += body.length;
    if (res.status >= 400) record.refused++;
    return { status: res.status, headers: res.headers, cookies: res.cookies, body, service: res.timings.duration * 1000 };
  } catch (e) {
    return lostBy(String(e.message || e));
  }
}

function lostBy(reason) {
  return { status: 0, headers: {}, cookies: {}, body: reason, lost: true };
}

// k6 ends a request that takes too long: it counts as an answer that came late.
function giveUpOn(answer) {
  record.timeouts++;
  answer.lost = false;
  answer.timedOut = true;
  answer.latency = Math.max(answer.latency, TIMEOUT + 1);
}

// An iteration that is cut off is neither good nor bad.
function giveUp() {
  counting = false;
  return false;
}

function count(answer) {
  if (counting) countMeasured(answer.status, answer.body, answer.latency, answer.time);
  else if (answer.timedOut && answer.sent < closes && answer.time >= closes) record.unanswered++;
}

// A request whose connection broke has no answer; its iteration has failed.
function lose(answer) {
  counting = inWindow(answer.sent, answer.time);
  if (counting) {
    const into = recordOf(at);
    record.lost++;
    add(into.unmet, 'lost');
    if (!into.example) into.example = { unmet: 'lost', status: 0, body: cut(answer.body) };
    countSecond(record.bad, answer.time);
  }
  return false;
}
