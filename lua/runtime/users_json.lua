-- done() runs in the main state when all threads have ended.
local function latency_json(part, of)
  local counts, count, sum, min, max = {}, 0, 0, math.huge, 0
  for n = 1, #of do
    local from = part(of[n])
    sum, max = sum + from.sum, math.max(max, from.max)
    if from.max > 0 then min = math.min(min, from.min) end
    local buckets = from.buckets
    for i = 0, 1727 do counts[i] = (counts[i] or 0) + buckets[i] end
  end
  local pairs_json = {}
  for i = 0, 1727 do
    if (counts[i] or 0) > 0 then
      count = count + counts[i]
      pairs_json[#pairs_json + 1] = "[" .. i .. "," .. whole(counts[i]) .. "]"
    end
  end
  return object({
    "count", whole(count),
    "sum_us", decimal(sum),
    "min_us", decimal(count > 0 and min or 0),
    "max_us", decimal(max),
    "buckets", "[" .. table.concat(pairs_json, ",") .. "]",
  }, 10)
end

local ALL_KNOWN = { late = 0, lost = 0, surplus = 0, interim = 0 } -- each record has its own

local function steps_json(first, last)
  local parts = {}
  for k = first, last do
    parts[#parts + 1] = step_json(k, records, latency_json(function(r) return r.steps[k - 1].latency end, records), ALL_KNOWN)
  end
  return #parts > 0 and "[\n" .. table.concat(parts, ",\n") .. "]" or nil
end

-- When virtual users began, when the last of them was ready, how many were, and
-- when the last of them got an answer that counts.
local function beginning()
  local start = common_start()
  local base, ready, last = math.max(start, shared.told_to), 0, 0
  for n = 1, #records do
    local at = SETUP_STEPS > 0 and shared.ready_at[n - 1] or records[n].started * start
    if at > 0 then ready = ready + 1 end
    base = math.max(base, at)
    last = math.max(last, records[n].last)
  end
  return start, base, ready, last
end

-- When the window opened and how long it was open: the time asked for, or
-- less when the run ended before.
function turn.window()
  local start, base, ready, last = beginning()
  open_window(base)
  local length = DURATION
  if SETUP_STEPS > 0 and ready < #records then
    length = 0
  elseif now() < closes then
    length = math.max(0, last - opens)
  end
  return opens - start, length, ready
end

-- Requests of the window that were not answered within the timeout: known when
-- it closed, or found by waiting for all that are open, those that were sent
-- after it with them, for connections do not say which is which.
local function unanswered(ended)
  local open, all, known = 0, 0, 0
  for n = 1, #records do
    local sent = records[n].sent
    if sent ~= 0 then all = all + 1 end
    if sent ~= 0 and sent < closes then
      open = open + 1
      if math.min(ended, closes) - sent > TIMEOUT then known = known + 1 end
    end
  end
  local silent = known < open and math.min(open, silent_connections(all, all)) or known
  return total("overdue") + math.max(known, silent)
end

local function answered_in_window()
  local sum = -total("lost")
  for n = 1, #records do
    for second = 0, SECONDS - 1 do sum = sum + records[n].good_at[second] + records[n].failed_at[second] end
  end
  return math.max(0, sum)
end

-- Connections that broke, and those of them that did so while nobody waited for an answer.
local function broken(summary)
  local errors = summary.errors
  local all = errors.connect + errors.read + errors.write
  return all, all - total("repeated") - total("unframed")
end

-- wrk counts broken connections over its whole run, and tells nobody when they
-- broke: the window has the share that it has of the answers, rounded up. Of a
-- request that is lost at the very end wrk knows before its virtual user does.
local function broken_in_window(summary)
  local all, between = broken(summary)
  local lost = total("repeated")
  if turn.closes_idle(all) then return 0 end
  local count = broken_between(between - turn.idled(), summary)
  if lost > 0 and count <= #records then return 0 end
  return math.ceil(count * math.min(1, answered_in_window() / math.max(1, summary.requests)))
end

local function seconds_json(length)
  local parts = {}
  for second = 0, math.ceil(length / 1000000) - 1 do
    local good, bad = 0, 0
    for n = 1, #records do
      good = good + records[n].good_at[second]
      bad = bad + records[n].failed_at[second]
    end
    parts[#parts + 1] = '{"good":' .. whole(good) .. ',"failed":' .. whole(bad) .. "}"
  end
  return #parts > 0 and "[" .. table.concat(parts, ",") .. "]" or nil
end

local function iterations_json()
  return object({
    "completed", whole(total("completed")),
    "failed", whole(total("failed")),
    "latency", latency_json(function(r) return r.iterations end, records),
  }, 6)
end

function done(summary)
  local ended = now()
  local open, length, ready = turn.window()
  if ready == #records and ours.misses(opens - WARMUP) then
    ours.refuse_late(opens - WARMUP - shared.told_to, "virtual users were set up")
  end
  write_block(object({
    "taskbench_block", "1",
    "scenario", quoted(SCENARIO),
    "scenario_hash", quoted(SCENARIO_HASH),
    "target", TARGET ~= "" and quoted(TARGET) or nil,
    "mode", quoted(MODE),
    "run", quoted(RUN),
    "seed", SEED,
    "share", ours.json(),
    "virtual_users_asked", whole(ours.users),
    "virtual_users_started", whole(total("started")),
    "virtual_users_ready", whole(ready),
    "window", object({
      "open_us", decimal(length > 0 and open or 0), "length_us", decimal(length),
      "opened_monotonic_us", length > 0 and decimal(opens) or nil,
      "opened_unix_us", length > 0 and decimal(opens + ours.wall) or nil,
    }, 8),
    "setup", steps_json(1, SETUP_STEPS),
    "steps", steps_json(SETUP_STEPS + 1, SETUP_STEPS + STEPS) or "[]",
    "iterations", MODE == "flow" and iterations_json() or nil,
    "per_second", seconds_json(length),
    "lost", whole(total("lost") + turn.not_forgiven(select(2, broken(summary)))),
    "unanswered", whole(unanswered(ended)),
    "surplus", whole(total("surplus")),
    "broken", whole(broken_in_window(summary)),
    "slots", turn.slots_json(),
    "wrk", wrk_json(summary, #records, #records),
  }, 44))
end
