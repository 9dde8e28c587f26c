-- What was counted of journeys, over all virtual users.
do
  local write = write_block

  local function sum(i, what)
    local all = 0
    for n = 1, #all_journeys do all = all + all_journeys[n].of[i - 1][what] end
    return all
  end

  local function journey_json(i)
    return object({
      "name", quoted(tour.name[i]),
      "completed", whole(sum(i, "completed")),
      "failed", whole(sum(i, "failed")),
      "latency", latency_json(function(of) return of.of[i - 1].latency end, all_journeys),
    }, 8)
  end

  write_block = function(text)
    local parts = {}
    for i = 1, JOURNEYS do parts[i] = journey_json(i) end
    write('{"journeys":[' .. table.concat(parts, ",") .. "]," .. sub(text, 2))
  end
end
