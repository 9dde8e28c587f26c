-- What was counted slot by slot.
local function finished_rounds()
  local of = board.phases[1]
  return of.go == 0 and 0 or of.rounds
end

slots_json = function()
  local of, rounds = board.phases[1], finished_rounds()
  local think = THINKS and of.slot or 0
  local function span(sum) return decimal(sum / USERS + think) end
  return object({
    "slot_us", decimal(of.slot), "gap_us", decimal(of.gap), "places", whole(board.places),
    "sent", slot_numbers("sent", rounds, whole),
    "counted", slot_numbers("counted", rounds, whole),
    "bad", slot_numbers("bad", rounds, whole),
    "span_us", slot_numbers("span", rounds, span),
    "overlap", whole(slot_total("overlap")),
    "left_out", whole(slot_total("left_out")),
  }, 18)
end

-- The window is as long as answers were counted, for one virtual user in the mean.
measured_window = function()
  local of = board.phases[1]
  local start, _, ready = beginning()
  opens, closes = of.go, phase_ends(of)
  if of.go == 0 then return 0, 0, ready end
  local length = THINKS and of.rounds * of.slot or 0
  for n = 1, #all_slots do
    for k = 0, of.rounds - 1 do length = length + all_slots[n].span[k] / USERS end
  end
  return math.max(0, opens - start), length, ready
end
