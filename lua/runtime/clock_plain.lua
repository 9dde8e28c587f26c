-- Time, sleep and signals from the embedded VM, in place of clock.lua. All
-- times are microseconds of the monotonic clock, as plain numbers.
local host = require("taskbench.host")
local find, byte, sub, match = string.find, string.byte, string.sub, string.match
local EOL = "\013\010" -- what ends a line of an HTTP header

local now, unix_us, sleep, interrupt = host.now, host.unix_us, host.sleep, host.interrupt
local function unix_ms() return math.floor(unix_us() / 1000) end
