-- A mix with such steps: one iteration is one step, drawn by weight.
local share = {} -- share[i]: the part of all draws below or at the i-th measured step

local function weigh(weights)
  local total, sum = 0, 0
  for i = 1, #weights do total = total + weights[i] end
  for i = 1, #weights do
    sum = sum + weights[i]
    share[i] = i == #weights and 1 or sum / total
  end
end

local function next_iteration()
  begin_iteration()
  local draw, i = random(), 1
  while draw >= share[i] do i = i + 1 end
  current = SETUP_STEPS + i
  enter(current)
  FIRST = current
end

local function advance(good, _, time)
  FIRST = 0
  if not once_more(good and time - hand.sent <= TIMEOUT) then next_iteration() end
end
