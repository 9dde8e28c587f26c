-- Arrivals at equal distances: how many there are, in the mean, before the next.
local function next_count()
  pace.count = pace.count + 1
  return pace.count - 1
end
