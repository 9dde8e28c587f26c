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

-- Answers slower than the timeout. wrk has added samples of its own for every
-- slow answer, at each multiple of the mean interval below it: they are taken
-- out again, slowest first.
local function late_answers(found, summary)
  if #found == 0 or found[#found][1] <= TIMEOUT then return 0 end
  local interval = math.floor(summary.duration / math.floor(summary.requests / USERS))
  local count_of, late = {}, 0
  for i = 1, #found do count_of[found[i][1]] = found[i][2] end
  for i = #found, 1, -1 do
    local value = found[i][1]
    if value <= TIMEOUT then break end
    local count = count_of[value]
    late = late + count
    local phantom = value >= 2 * interval and value - interval or 0
    while count > 0 and phantom > interval do
      count_of[phantom] = (count_of[phantom] or 0) - count
      phantom = phantom - interval
    end
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
