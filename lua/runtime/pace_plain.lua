-- The schedule in the embedded VM, where nobody waits for it.
host.memory.pace = host.memory.pace or struct({})
local function new_stage() return struct({ latency = new_latency, service = new_latency }) end
local pace, paced = host.memory.pace, struct({ service = function() return parts(new_latency) end, stages = function() return parts(new_stage) end })
local all_paced = {}

local function share_pace() all_paced[#all_paced + 1] = paced end
local function take_pace() end
local function lock_pace() end
local function unlock_pace() end
local function sleep_until() end
