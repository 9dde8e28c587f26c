-- Time, sleep and signals from the C library. All times are microseconds of
-- the monotonic clock, as plain numbers.
local ffi = require("ffi")
local bit = require("bit")
local find, byte, sub, match = string.find, string.byte, string.sub, string.match
local EOL = "\013\010" -- what ends a line of an HTTP header

ffi.cdef([[
typedef struct {
  uint32_t seconds;
  uint32_t seconds_high;
  uint32_t nanoseconds;
  uint32_t nanoseconds_high;
} taskbench_time;
int clock_gettime(int clock, taskbench_time *time);
int usleep(uint32_t microseconds);
int getpid(void);
int kill(int pid, int signal);
]])

local REALTIME, MONOTONIC = 0, (jit and jit.os == "OSX") and 6 or 1
local SIGINT = 2
local instant = ffi.new("taskbench_time")

local function now()
  ffi.C.clock_gettime(MONOTONIC, instant)
  return instant.seconds * 1000000 + instant.nanoseconds / 1000
end

local function unix_us()
  ffi.C.clock_gettime(REALTIME, instant)
  return instant.seconds * 1000000 + instant.nanoseconds / 1000
end
local function unix_ms() return math.floor(unix_us() / 1000) end

-- A time that is over already is none: as a number without a sign it would be an hour.
local function sleep(microseconds)
  if microseconds > 0 then ffi.C.usleep(microseconds) end
end
local function interrupt() ffi.C.kill(ffi.C.getpid(), SIGINT) end

-- Collect garbage in few, long strides: the strings that wrk makes for every
-- answer die young, and this costs 5 to 7 % less than Lua's defaults.
collectgarbage("setpause", 200)
collectgarbage("setstepmul", 10000)
