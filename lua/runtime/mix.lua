-- A mix: one iteration is one step, drawn by weight.
local FIRST = SETUP_STEPS + 1
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
  iteration = iteration + 1
  local draw, i = random(), 1
  while draw >= share[i] do i = i + 1 end
  current = FIRST + i - 1
  draw_rows()
end

local function advance()
  next_iteration()
end
