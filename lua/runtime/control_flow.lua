-- A flow with such steps.
local function next_iteration()
  begin_iteration()
  current = following(SETUP_STEPS + 1, SETUP_STEPS + STEPS)
  FIRST = current
end

local function advance(good, sent, time)
  local on
  on, good = goes_on(good, sent, time, SETUP_STEPS + STEPS)
  if on then return end
  count_iteration(good, time - began)
  next_iteration()
end
