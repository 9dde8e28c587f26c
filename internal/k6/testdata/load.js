// What a generated script owes the processes that run it, and nothing more: each
// virtual user registers once and then asks for two routes in turn, counts what it
// gets within the window, and tells it.
import http from 'k6/http'
import exec from 'k6/execution'
import { sleep } from 'k6'

const VUS = Number(__ENV.TEST_VUS), WINDOW = Number(__ENV.TEST_WINDOW_MS), WARMUP = Number(__ENV.TEST_WARMUP_MS)
const GO = Number(__ENV.TASKBENCH_GO) / 1000, URL = __ENV.TASKBENCH_URL

const untilGo = Math.max(0, GO - Date.now())
export const options = {
  scenarios: {
    load: { executor: 'constant-vus', exec: 'load', vus: VUS, duration: Math.ceil(untilGo + WARMUP + WINDOW) + 'ms', gracefulStop: '5s' },
    tell: { executor: 'per-vu-iterations', exec: 'tell', vus: VUS, iterations: 1, startTime: Math.ceil(untilGo + WARMUP + WINDOW + 5000) + 'ms' },
  },
  systemTags: [],
}

const record = { all: 0, steps: ['a', 'b'].map((name) => ({ name, answers: 0, good: 0, statuses: {}, sum: 0, min: Infinity, max: 0, buckets: {} })) }
let began = false, opened = 0, done = false
const view = new DataView(new ArrayBuffer(8))

function bucket(us) {
  if (us < 1) return 0
  view.setFloat64(0, us)
  return (((view.getUint32(0) >>> 20) & 0x7ff) - 1023) * 64 + ((view.getUint32(0) >>> 14) & 63)
}

function ask(step) {
  const from = exec.instance.currentTestRunDuration
  const answer = http.get(URL + '/' + step.name)
  const us = (exec.instance.currentTestRunDuration - from) * 1000
  if (Date.now() < opened || Date.now() >= GO + WARMUP + WINDOW) return
  if (__ENV.TEST_THROW && exec.vu.idInTest === 2) null.broken
  step.answers++
  if (answer.status === 200) step.good++
  step.statuses[answer.status] = (step.statuses[answer.status] || 0) + 1
  step.sum += us
  step.min = Math.min(step.min, us)
  step.max = Math.max(step.max, us)
  step.buckets[bucket(us)] = (step.buckets[bucket(us)] || 0) + 1
}

export function load() {
  if (done) { sleep(0.05); return }
  if (!began) {
    began = true
    http.get(URL + '/register/' + __ENV.TASKBENCH_RUN + 'u' + exec.vu.idInTest)
    sleep(Math.max(0, GO - Date.now()) / 1000)
    opened = Math.max(Date.now(), GO + WARMUP)
    record.began = Date.now()
  }
  record.steps.forEach(ask)
  if (Date.now() >= GO + WARMUP + WINDOW) tell()
}

export function tell() {
  if (done || (__ENV.TEST_SILENT && exec.vu.idInTest === 2)) return
  done = true
  const steps = record.steps.map((s) => ({
    name: s.name, answers: s.answers, good: s.good, late: 0, statuses: s.statuses,
    latency: { count: s.answers, sum_us: s.sum, min_us: s.answers ? s.min : 0, max_us: s.max, buckets: Object.entries(s.buckets).map(([i, n]) => [Number(i), n]) },
  }))
  console.log('taskbench ' + exec.vu.idInTest + '/' + VUS + ' ' + JSON.stringify({
    taskbench_block: 1, scenario: 'two routes', scenario_hash: __ENV.TEST_HASH || 'h', mode: 'mix', run: __ENV.TASKBENCH_RUN, seed: Number(__ENV.TASKBENCH_SEED),
    virtual_users_asked: 1, virtual_users_started: 1, virtual_users_ready: 1,
    window: { open_us: WARMUP * 1000, length_us: Math.max(0, GO + WARMUP + WINDOW - opened) * 1000, opened_unix_us: opened * 1000 },
    steps, lost: 0, unanswered: 0, surplus: 0, broken: 0,
    wrk: { threads: 1, connections: 1, duration_us: WINDOW * 1000, requests: 0, bytes: 0, errors: { connect: 0, read: 0, write: 0, status: 0, timeout: 0 } },
  }))
}
