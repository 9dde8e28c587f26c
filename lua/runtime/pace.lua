-- The schedule that all virtual users share: whoever is free takes the next
-- arrival. One lock keeps it; it is held for a few instructions.
ffi.cdef([[
typedef struct {
  uint64_t lock[8];
  double count;
  double phase;
  double idled;
  double random_1;
  double random_2;
} taskbench_pace;
int pthread_mutex_lock(void *lock);
int pthread_mutex_unlock(void *lock);
int pthread_mutex_init(void *lock, const void *attributes);
int clock_nanosleep(int clock, int flags, const taskbench_time *until, taskbench_time *left);
int prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
]])

-- What each counts of its own arrivals.
ffi.cdef((string.gsub([[
typedef struct {
  double due;
  double begun;
  double unsent;
  double kept;
  double good;
  double failed;
  taskbench_latency latency;
  taskbench_latency service;
} taskbench_stage;
typedef struct {
  double due;
  double begun;
  double unsent;
  double kept;
  double idled;
  double waits;
  double lag;
  double lag_squares;
  double lag_most;
  taskbench_latency service[STEPS];
  taskbench_stage stages[STAGES];
} taskbench_paced;
]], "%u+", { STEPS = STEPS, STAGES = STAGES })))

local pace, paced -- the schedule; what this virtual user counts
local all_paced = {} -- main state: everybody's

local function share_pace(thread)
  if not pace then
    pace = ffi.new("taskbench_pace")
    ffi.C.pthread_mutex_init(pace.lock, nil)
  end
  all_paced[#all_paced + 1] = ffi.new("taskbench_paced")
  thread:set("taskbench_pace", address("taskbench_pace*", pace))
  thread:set("taskbench_paced", address("taskbench_paced*", all_paced[#all_paced]))
end

-- Linux wakes sleepers up to 50 µs late, to wake several at once, unless told not to.
local function take_pace()
  pace = ffi.cast("taskbench_pace*", taskbench_pace)
  paced = ffi.cast("taskbench_paced*", taskbench_paced)
  local TIMER_SLACK, ONE_NS = 29, 1
  if jit.os == "Linux" then ffi.C.prctl(TIMER_SLACK, ONE_NS, 0, 0, 0) end
end

local function lock_pace() ffi.C.pthread_mutex_lock(pace.lock) end
local function unlock_pace() ffi.C.pthread_mutex_unlock(pace.lock) end

-- Sleeps until a moment, and not a microsecond less.
local sleep_until
do
  local ABSOLUTE = 1
  local moment = ffi.new("taskbench_time")

  function sleep_until(time)
    if jit.os == "Linux" then
      local seconds = math.floor(time / 1000000)
      moment.seconds, moment.nanoseconds = seconds, (time - seconds * 1000000) * 1000
      while ffi.C.clock_nanosleep(MONOTONIC, ABSOLUTE, moment, nil) ~= 0 do end
    end
    while now() < time do sleep(1) end
  end
end
