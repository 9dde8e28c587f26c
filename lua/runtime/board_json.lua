-- What was counted slot by slot, over all states.
do
  local function numbers(of, rounds, text)
    local parts = {}
    for k = 0, rounds - 1 do
      local sum = 0
      for n = 1, #place.all do sum = sum + place.all[n][of][k] end
      parts[#parts + 1] = text(sum, k)
    end
    return "[" .. table.concat(parts, ",") .. "]"
  end

  -- Percentiles of each slot, where latencies were kept by slot.
  local function quantiles(rounds)
    if not place.quantiles then return end
    local p50, p95 = {}, {}
    for k = 0, rounds - 1 do
      local found = place.quantiles(k, 0.5, 0.95)
      p50[k + 1], p95[k + 1] = decimal(found[1]), decimal(found[2])
    end
    return "[" .. table.concat(p50, ",") .. "]", "[" .. table.concat(p95, ",") .. "]"
  end

  -- looked: each answer was judged; more: how many µs a slot is longer than was
  -- counted.
  function place.json(looked, more)
    local of = place.measured_schedule()
    local p50, p95 = quantiles(of.rounds)
    local function span(us, k) return decimal(us / USERS + more(of, k)) end
    return object({
      "slot_us", decimal(of.slot), "gap_us", decimal(of.gap), "places", whole(place.places()),
      "sent", numbers("sent", of.rounds, whole),
      "counted", numbers("counted", of.rounds, whole),
      "bad", looked and numbers("bad", of.rounds, whole) or nil,
      "span_us", numbers("span", of.rounds, span),
      "p50_us", p50,
      "p95_us", p95,
      "overlap", whole(place.sum("overlap")),
      "left_out", whole(place.sum("left_out")),
    }, 22)
  end
end
