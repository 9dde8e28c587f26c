-- wrk's histogram as pairs of value and count. latency(i) walks the whole
-- histogram at every call, so it is read from memory where it is found to be
-- what it should be: { count, limit, min, max, counts of 0, 1, 2, … µs }.
local function read_memory(latency)
  local where = ffi.cast("uint32_t*", latency)
  local words = ffi.cast("uint32_t*", where[0] + where[1] * 4294967296)
  local function long(i) return words[2 * i] + words[2 * i + 1] * 4294967296 end
  local count, limit, min, max = long(0), long(1), long(2), long(3)
  if min ~= latency.min or max ~= latency.max or limit < max then return nil end
  local found, sum = {}, 0
  for value = min, max do
    local n = long(4 + value)
    if n > 0 then
      sum = sum + n
      found[#found + 1] = { value, n }
    end
  end
  return sum == count and found or nil
end

local function wrk_histogram(latency)
  local ok, found = pcall(read_memory, latency)
  if ok and found then return found end
  found = {}
  for i = 1, #latency do
    local value, count = latency(i)
    if count > 0 then found[#found + 1] = { value, count } end
  end
  return found
end

-- Answers that took longer than a time. For each answer of a time v wrk has
-- added samples at v - e, v - 2 e, … down to e, the mean interval: so the true
-- count at v > e is what stands at v less what stands at v + e, and above any
-- time all but the lowest e cancel out.
local function longer_than(limit, found, summary)
  local rounds = math.floor(summary.requests / ours.users)
  local interval = rounds > 0 and math.floor(summary.duration / rounds) or math.huge
  local last, count = math.max(limit, interval) + interval, 0
  for i = 1, #found do
    local value = found[i][1]
    if value > limit and value <= last then count = count + found[i][2] end
  end
  return count
end

-- What wrk counts one by one, put together. An answer without a sample is one
-- that nobody waited for. A request that has no answer was lost with a
-- connection, or is still on its way: at most one for each connection. Few
-- broken connections cannot be told apart so, and are taken for lost requests.
-- Nor is it known how many had sent nothing anew when wrk stopped: what broke
-- behind an answer may be a request that was lost in place of one of theirs, so
-- only what is open beyond all that broke is open for certain.
local function counts(found, summary)
  local errors = summary.errors
  local answered = longer_than(-1, found, summary) + errors.timeout
  local all = errors.connect + errors.read + errors.write
  local broken = math.max(0, all - turn.idled())
  local idle = turn.closes_idle(all) -- then what was lost right at the beginning was asked once more, as any client does
  local asked = total("asked") - (idle and turn.forgiven() or 0)
  local missing = asked - answered - turn.open_at_end
  local lost = math.min(broken, math.max(0, missing))
  local between = idle and 0 or broken_between(broken - lost, summary)
  if between <= ours.users then lost, between = lost + between, 0 end
  return {
    late = longer_than(TIMEOUT, found, summary),
    lost = lost,
    open = math.max(0, math.min(ours.users, asked - answered - lost)),
    certain = math.max(0, math.min(ours.users, asked - answered - broken)),
    surplus = math.max(summary.requests - answered, total("surplus")),
    interim = total("surplus"),
    broken = between,
  }
end

local function histogram_json(found)
  local parts = {}
  for i = 1, #found do parts[i] = "[" .. whole(found[i][1]) .. "," .. whole(found[i][2]) .. "]" end
  return "[" .. table.concat(parts, ",") .. "]"
end

function done(summary, latency)
  local opened = turn.opened(summary)
  local found = summary.requests > 0 and wrk_histogram(latency) or {}
  local connections = math.floor(ours.users / #threads) * #threads
  local count = counts(found, summary)
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
    "virtual_users_started", whole(connections),
    "virtual_users_ready", whole(connections),
    "window", object({
      "open_us", "0", "length_us", whole(summary.duration), "opened_monotonic_us", decimal(opened),
      "opened_unix_us", decimal(opened + ours.wall),
    }, 8),
    "steps", "[" .. request_step_json(summary, count) .. "]",
    "lost", whole(count.lost),
    "unanswered", whole(silent_connections(count.open, count.certain)),
    "surplus", whole(count.surplus),
    "broken", whole(count.broken),
    "slots", turn.slots_json(),
    "wrk", wrk_json(summary, #threads, connections, histogram_json(found)),
  }, 38))
end
