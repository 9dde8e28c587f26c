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

  -- Each is [µs, count]: so many took at most so long, and hardly less.
  local function buckets_json(of)
    local parts = {}
    for bucket = 0, 1727 do
      local count = 0
      for n = 1, #of do count = count + of[n].buckets[bucket] end
      local at_most = math.ceil(2 ^ math.floor(bucket / 64) * (1 + (bucket % 64 + 1) / 64))
      if count > 0 then parts[#parts + 1] = "[" .. whole(at_most) .. "," .. whole(count) .. "]" end
    end
    return "[" .. table.concat(parts, ",") .. "]"
  end

  -- looked: each answer was judged; more: how many µs a slot is longer than was
  -- counted; first: how long first answers took, where others have them among theirs.
  function place.json(looked, more, first)
    local of = place.measured_schedule()
    local function span(us, k) return decimal(us / USERS + more(of, k)) end
    return object({
      "slot_us", decimal(of.slot), "gap_us", decimal(of.gap), "places", whole(place.places()),
      "sent", numbers("sent", of.rounds, whole),
      "counted", numbers("counted", of.rounds, whole),
      "bad", looked and numbers("bad", of.rounds, whole) or nil,
      "span_us", numbers("span", of.rounds, span),
      "overlap", whole(place.sum("overlap")),
      "left_out", whole(place.sum("left_out")),
      "first_us", first and buckets_json(first),
    }, 24)
  end
end
