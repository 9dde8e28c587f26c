-- What is counted. Every virtual user has one record in memory of its own,
-- which only it writes; done() adds them up. The main state allocates them
-- and hands out their addresses, which are exact as Lua numbers; each knows
-- where the next one is.
ffi.cdef((string.gsub([[
typedef union { double number; uint32_t words[2]; } taskbench_bits;
typedef struct {
  int32_t unmet;
  int32_t status;
  int32_t length;
  uint8_t body[500];
} taskbench_example;
typedef struct {
  double sum;
  double min;
  double max;
  double count;
  uint32_t buckets[1728];
} taskbench_latency;
typedef struct {
  uint32_t bad;
  uint32_t late;
  uint32_t left_out;
  uint32_t unused;
  uint32_t statuses[600];
  taskbench_latency latency;
  taskbench_example example;
} taskbench_step;
typedef struct {
  double next;
  double sent;
  double last;
  double started;
  double resting;
  double asked;
  double repeated;
  double lost;
  double surplus;
  double unframed;
  double overdue;
  double idled;
  double forgiven;
  double doubted;
  double completed;
  double failed;
  uint32_t good_at[SECONDS];
  uint32_t failed_at[SECONDS];
  uint32_t unmet[UNMET];
  taskbench_latency iterations;
  taskbench_step steps[STEPS];
  double padding[16];
} taskbench_record;
]], "%u+", { SECONDS = SECONDS, UNMET = UNMET_SLOTS, STEPS = SETUP_STEPS + STEPS })))

-- repeated are requests that broke at any time, lost those of the window;
-- unframed are answers that end with their connection, at any time; idled are
-- connections that the server closed in a pause; forgiven are requests that broke behind
-- one and were asked once more, doubted those of the window.
local records = {} -- main state: everybody's
local record       -- a thread's own

local function address(type, memory)
  return tonumber(ffi.cast("uintptr_t", ffi.cast(type, memory)))
end

local function add_record(thread)
  local n = #records + 1
  records[n] = ffi.new("taskbench_record")
  local at = address("taskbench_record*", records[n])
  if n > 1 then records[n - 1].next = at end
  thread:set("taskbench_record", at)
  thread:set("taskbench_first_record", address("taskbench_record*", records[1]))
  return n
end

local function record_at(address) return ffi.cast("taskbench_record*", address) end
local function take_record() record = record_at(taskbench_record) end

local function keep_text(into, text, length) ffi.copy(into.body, text, length) end
local function text_of(example) return ffi.string(example.body, example.length) end

-- A histogram with 64 buckets for every power of two: the exponent and the
-- top six bits of the mantissa, straight from the bits of the number. The
-- relative error is below 0.8 %, and no logarithm is taken.
local bits = ffi.new("taskbench_bits")

local function bucket_of(microseconds)
  bits.number = microseconds
  local bucket = bit.rshift(bits.words[1], 14) - 65472
  if bucket < 0 then return 0 elseif bucket > 1727 then return 1727 end
  return bucket
end

local function add_latency(into, microseconds)
  local bucket = bucket_of(microseconds)
  into.buckets[bucket] = into.buckets[bucket] + 1
  into.sum = into.sum + microseconds
  if microseconds > into.max then into.max = microseconds end
  if microseconds < into.min or into.min == 0 then into.min = microseconds end
end
