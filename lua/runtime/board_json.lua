-- What was counted slot by slot, over all states.
do
  local function numbers(of, rounds, text)
    local parts = {}
    for k = 0, rounds - 1 do
      local sum = 0
      for n = 1, #place.all do sum = sum + place.all[n][of][k] end
      parts[#parts + 1] = text(sum)
    end
    return "[" .. table.concat(parts, ",") .. "]"
  end

  local function sum(of)
    local all = 0
    for n = 1, #place.all do all = all + place.all[n][of] end
    return whole(all)
  end

  -- looked: each answer was judged; more: µs that each slot is longer than was
  -- counted.
  function place.json(looked, more)
    local of = place.measured_schedule()
    local function span(us) return decimal(us / USERS + more) end
    return object({
      "slot_us", decimal(of.slot), "gap_us", decimal(of.gap), "places", whole(place.places()),
      "sent", numbers("sent", of.rounds, whole),
      "counted", numbers("counted", of.rounds, whole),
      "bad", looked and numbers("bad", of.rounds, whole) or nil,
      "span_us", numbers("span", of.rounds, span),
      "overlap", sum("overlap"),
      "left_out", sum("left_out"),
    }, 18)
  end
end
