-- What is counted, in tables in place of record.lua's structs: a number that
-- was never written is 0, and a part is made when it is first asked for.
local ZERO = { __index = function() return 0 end }
local function counters() return setmetatable({}, ZERO) end

local function parts(make)
  return setmetatable({}, { __index = function(self, key)
    local part = make(key)
    if part ~= 0 then self[key] = part end
    return part
  end })
end

local function struct(made)
  return parts(function(name) return made[name] and made[name]() or 0 end)
end

local function new_latency() return struct({ buckets = counters }) end
local function new_example() return struct({}) end
local function new_step()
  return struct({ statuses = counters, latency = new_latency, example = new_example })
end
local function new_record()
  return struct({
    good_at = counters, failed_at = counters, unmet = counters, iterations = new_latency,
    steps = function() return parts(new_step) end,
  })
end

local records = {} -- main state: everybody's
local record       -- a thread's own

local function add_record(thread)
  local n = #records + 1
  records[n] = new_record()
  host.memory[n] = records[n]
  if n > 1 then records[n - 1].next = n end
  thread:set("taskbench_record", n)
  thread:set("taskbench_first_record", 1)
  return n
end

local function record_at(address) return host.memory[address] end
local function take_record() record = record_at(taskbench_record) end

local function keep_text(into, text, length) into.body = sub(text, 1, length) end
local function text_of(example) return example.body end

-- The buckets of record.lua, by arithmetic.
local function bucket_of(microseconds)
  local mantissa, exponent = math.frexp(microseconds)
  local bucket = (exponent - 1) * 64 + math.floor((2 * mantissa - 1) * 64)
  return math.max(0, math.min(bucket, 1727))
end

local function add_latency(into, microseconds)
  local bucket = bucket_of(microseconds)
  into.buckets[bucket] = into.buckets[bucket] + 1
  into.sum = into.sum + microseconds
  if microseconds > into.max then into.max = microseconds end
  if microseconds < into.min or into.min == 0 then into.min = microseconds end
end
