-- The same in tables.
local journeys
local all_journeys = {}

local function share_journeys(thread)
  local n = #all_journeys + 1
  all_journeys[n] = struct({ of = function() return parts(function() return struct({ latency = new_latency }) end) end })
  host.memory["journeys" .. n] = all_journeys[n]
  thread:set("taskbench_journeys", n)
end

local function take_journeys() journeys = host.memory["journeys" .. taskbench_journeys] end
