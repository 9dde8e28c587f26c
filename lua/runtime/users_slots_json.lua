-- The window is as long as answers were counted, for one virtual user in the mean.
function turn.window()
  local of = place.measured_schedule()
  local start, _, ready = beginning()
  opens, closes = of.go, place.phase_ends(of)
  if of.go == 0 then return 0, 0, ready end
  local length = THINKS and of.rounds * of.slot or 0
  for n = 1, #place.all do
    for k = 0, of.rounds - 1 do length = length + place.all[n].span[k] / USERS end
  end
  return math.max(0, opens - start), length, ready
end

function turn.slots_json()
  return place.json(true, THINKS and place.measured_schedule().slot or 0)
end
