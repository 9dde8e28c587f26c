-- What is counted of journeys, for each virtual user in memory of its own.
ffi.cdef((string.gsub([[
typedef struct {
  double completed;
  double failed;
  taskbench_latency latency;
} taskbench_journey;
typedef struct { taskbench_journey of[JOURNEYS]; } taskbench_journeys;
]], "%u+", { JOURNEYS = JOURNEYS })))

local journeys           -- this virtual user's
local all_journeys = {}  -- main state: everybody's

local function share_journeys(thread)
  all_journeys[#all_journeys + 1] = ffi.new("taskbench_journeys")
  thread:set("taskbench_journeys", address("taskbench_journeys*", all_journeys[#all_journeys]))
end

local function take_journeys() journeys = ffi.cast("taskbench_journeys*", taskbench_journeys) end
