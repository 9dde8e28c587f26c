-- The slot in which a virtual user was heard of last. A request that is never
-- answered was waited for as long as its server had slots, as it would have been
-- without the others.
local function settle_open(n, of)
  local counts, user = place.all[n], records[n]
  local round = counts.unsettled - 1
  if round < 0 or THINKS then return end
  counts.unsettled = 0
  counts.span[round] = counts.span[round] + counts.last - counts.first
  if user.sent == 0 or user.resting ~= 0 then return end
  local since = math.max(counts.last, user.sent)
  for k = round, of.rounds - 1 do
    local from, till = place.slot_at(of, k)
    counts.span[k] = counts.span[k] + math.max(0, till - math.max(from, since))
  end
end

-- The window is as long as answers were counted, for one virtual user in the mean.
function turn.window()
  local of = place.measured_schedule()
  local start, _, ready = beginning()
  opens, closes = of.go, place.phase_ends(of)
  if of.go == 0 then return 0, 0, ready end
  local length = THINKS and of.rounds * of.slot or 0
  for n = 1, #place.all do
    settle_open(n, of)
    for k = 0, of.rounds - 1 do length = length + place.all[n].span[k] / USERS end
  end
  return math.max(0, opens - start), length, ready
end

-- Those who think are counted in whole slots.
local function thinking(of, round)
  if not THINKS then return 0 end
  local from, till = place.slot_at(of, round)
  return till - from
end

function turn.slots_json()
  return place.json(true, thinking)
end
