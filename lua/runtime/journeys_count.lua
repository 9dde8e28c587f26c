-- Counts an iteration of a journey, from its first request to its last answer.
local function count_journey(i, good, elapsed)
  local into = journeys.of[i - 1]
  if good then
    into.completed = into.completed + 1
    add_latency(into.latency, elapsed)
  else
    into.failed = into.failed + 1
  end
end
