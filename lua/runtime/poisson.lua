-- Arrivals that know nothing of each other: how many there are, in the mean,
-- before the next. All virtual users of a share draw from one sequence, and have
-- their part of the arrivals.
local function next_count()
  local own_1, own_2 = random_1, random_2
  random_1, random_2 = pace.random_1, pace.random_2
  if random_1 == 0 then seed_random(-1000000 * (ours.place - 1)) end
  pace.count = pace.count - ours.places * math.log(1 - random())
  pace.random_1, pace.random_2 = random_1, random_2
  random_1, random_2 = own_1, own_2
  return pace.count
end
