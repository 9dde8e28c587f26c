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

-- Answers slower than the timeout. For each answer of a time v wrk has added
-- samples at v - e, v - 2 e, … down to e, the mean interval: so the true count
-- at v > e is what stands at v less what stands at v + e, and above any time
-- all but the lowest e cancel out.
local function late_answers(found, summary)
  local rounds = math.floor(summary.requests / USERS)
  if #found == 0 or found[#found][1] <= TIMEOUT or rounds == 0 then return 0 end
  local interval = math.floor(summary.duration / rounds)
  local last, late = math.max(TIMEOUT, interval) + interval, 0
  for i = 1, #found do
    local value = found[i][1]
    if value > TIMEOUT and value <= last then late = late + found[i][2] end
  end
  return late
end

local function histogram_json(found)
  local parts = {}
  for i = 1, #found do parts[i] = "[" .. whole(found[i][1]) .. "," .. whole(found[i][2]) .. "]" end
  return "[" .. table.concat(parts, ",") .. "]"
end

function done(summary, latency)
  local found = summary.requests > 0 and wrk_histogram(latency) or {}
  local connections = math.floor(USERS / #threads) * #threads
  write_block(object({
    "taskbench_block", "1",
    "scenario", quoted(SCENARIO),
    "scenario_hash", quoted(SCENARIO_HASH),
    "target", TARGET ~= "" and quoted(TARGET) or nil,
    "mode", quoted(MODE),
    "run", quoted(RUN),
    "seed", SEED,
    "virtual_users_asked", whole(USERS),
    "virtual_users_started", whole(connections),
    "virtual_users_ready", whole(connections),
    "window", object({ "open_us", "0", "length_us", whole(summary.duration) }, 4),
    "steps", "[" .. request_step_json(summary, late_answers(found, summary)) .. "]",
    "lost", "0",
    "unanswered", "0",
    "wrk", wrk_json(summary, #threads, connections, histogram_json(found)),
  }, 30))
end
