-- A flow: one iteration runs all steps in order. What is not as expected ends
-- the iteration, since later steps would make no sense, and a new one begins.
local FIRST, LAST = SETUP_STEPS + 1, SETUP_STEPS + STEPS

local function next_iteration()
  iteration = iteration + 1
  current = FIRST
  draw_rows()
end

-- An iteration's time runs from its first request to its last answer, pauses
-- included; it counts when it ends inside the window.
local function advance(good, sent, time)
  if current == FIRST then began = sent end
  if good and current < LAST then
    current = current + 1
    return
  end
  if not counting then
  elseif good then
    record.completed = record.completed + 1
    add_latency(record.iterations, time - began)
  else
    record.failed = record.failed + 1
  end
  next_iteration()
end
