-- Arrivals at equal distances: how many there are, in the mean, before the next.
-- Shares take them in turn.
local function next_count()
  pace.count = pace.count + 1
  return (pace.count - 1) * ours.places + ours.place - 1
end
