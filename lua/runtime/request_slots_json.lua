-- What was counted slot by slot.
slots_json = function()
  local of, rounds = board.phases[1], board.phases[1].rounds
  return object({
    "slot_us", decimal(of.slot), "gap_us", decimal(of.gap), "places", whole(board.places),
    "sent", slot_numbers("sent", rounds, whole),
    "counted", slot_numbers("counted", rounds, whole),
    "span_us", slot_numbers("span", rounds, function(sum) return decimal(sum / USERS) end),
    "overlap", whole(slot_total("overlap")),
    "left_out", whole(slot_total("left_out")),
  }, 16)
end
