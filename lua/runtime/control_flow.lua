-- A flow with such steps.
local function next_iteration()
  begin_iteration()
  current = following(SETUP_STEPS + 1, SETUP_STEPS + STEPS)
  FIRST = current
end

-- A step that took longer than the timeout, with all that belongs to it, is late.
local function advance(good, sent, time)
  if FIRST ~= 0 then began, FIRST = sent, 0 end
  good = good and time - hand.sent <= TIMEOUT
  if once_more(good) then return end
  local k = good and following(current + 1, SETUP_STEPS + STEPS)
  if k then
    current = k
    return
  end
  count_iteration(good, time - began)
  next_iteration()
end
