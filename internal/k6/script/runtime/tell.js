// What a virtual user has counted is told in one line, once: as soon as it is done, or
// at the end by the scenario of k6 that comes behind the load.
let told = false;

export function tell() {
  if (!state) introduce(); // who never began has nothing to tell but that
  tellOnce();
}

function tellOnce() {
  if (told) return;
  told = true;
  if (record.sent !== 0 && record.sent < closes) record.unanswered++;
  const text = JSON.stringify(block()).replace('"seed":null', `"seed":${SEED}`); // which may have more digits than numbers here
  console.log(`taskbench ${user}/${USERS} ${text} sum ${crypto.sha256(text, 'hex').slice(0, 8)}`);
}

function latencyOf(of) {
  const buckets = [];
  of.buckets.forEach((n, i) => {
    if (n > 0) buckets.push([i, n]);
  });
  return { count: of.count, sum_us: of.sum, min_us: of.min, max_us: of.max, buckets };
}

function stepOf(step) {
  const of = recordOf(step);
  return {
    name: of.name, answers: of.answers, good: of.answers - of.bad, late: of.late,
    redirected: of.redirected, retried: of.retried,
    statuses: of.statuses, unmet: of.unmet, example: of.example, latency: latencyOf(of.latency),
  };
}

function iterationsOf(of) {
  return { completed: of.completed, failed: of.failed, latency: latencyOf(of.iterations) };
}

function seconds() {
  const out = [];
  for (let i = 0; i < Math.ceil(DURATION / 1000000); i++) out.push({ good: record.good[i] || 0, failed: record.bad[i] || 0 });
  return out;
}

function block() {
  const whole = record.ready === 1;
  return {
    taskbench_block: 1, scenario: SCENARIO, scenario_hash: SCENARIO_HASH, target: TARGET, mode: MODE, run, seed: null,
    virtual_users_asked: 1, virtual_users_started: 1, virtual_users_ready: record.ready,
    window: whole ? { open_us: record.opened - go, length_us: closes - record.opened, asked_us: DURATION, opened_unix_us: record.opened } : { open_us: 0, length_us: 0 },
    setup: SETUP.length > 0 ? SETUP.map(stepOf) : undefined,
    steps: STEPS.map(stepOf),
    per_second: whole ? seconds() : undefined,
    lost: record.lost, unanswered: record.unanswered, surplus: 0, broken: 0,
    ...more(),
    wrk: {
      threads: 1, connections: 1, duration_us: whole ? Math.max(0, Math.round(now() - go)) : 0,
      requests: record.requests, bytes: record.bytes,
      errors: { connect: 0, read: record.lost, write: 0, status: record.refused, timeout: record.timeouts },
    },
  };
}
