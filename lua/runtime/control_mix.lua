-- A mix of such steps, or of journeys: one iteration is one of them, drawn by
-- weight, with all its steps in order.
local tour = { name = {}, from = {}, to = {}, up_to = {}, at = 1 } -- up_to[i]: weights of the first i; at: the one at hand

local function weigh(name, weight, from, to)
  local n = #tour.name + 1
  tour.name[n], tour.from[n], tour.to[n], tour.up_to[n] = name, from, to, (tour.up_to[n - 1] or 0) + weight
end

local function draw_journey()
  local last = #tour.up_to
  local draw, i = random() * tour.up_to[last], 1
  while i < last and draw >= tour.up_to[i] do i = i + 1 end
  return i
end

local function next_iteration()
  begin_iteration()
  tour.at = draw_journey()
  current = following(tour.from[tour.at], tour.to[tour.at])
  FIRST = current
end

local function advance(good, sent, time)
  local on
  on, good = goes_on(good, sent, time, tour.to[tour.at])
  if on then return end
  if counting then count_journey(tour.at, good, time - began) end
  next_iteration()
end
