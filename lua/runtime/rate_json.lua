-- What was counted of the schedule, over all virtual users.
do
  local write = write_block

  local function sum(of)
    local all = 0
    for n = 1, #all_paced do all = all + all_paced[n][of] end
    return all
  end

  local function most(of)
    local all = 0
    for n = 1, #all_paced do all = math.max(all, all_paced[n][of]) end
    return all
  end

  local function stage_json(k)
    local function all(what, join)
      local value = 0
      for n = 1, #all_paced do value = join(value, all_paced[n].stages[k][what]) end
      return value
    end
    local function add(a, b) return a + b end
    local of = stretches[#stretches - STAGES + k + 1]
    return object({
      "length_us", decimal(of.length),
      "from_per_s", string.format("%.9g", of.from * 1000000),
      "to_per_s", string.format("%.9g", of.to * 1000000),
      "due", whole(all("due", add)),
      "begun", whole(all("begun", add)),
      "unsent", whole(all("unsent", add)),
      "kept_up_us", decimal(all("kept", math.max)),
      "good", whole(all("good", add)),
      "failed", whole(all("failed", add)),
      "latency", latency_json(function(p) return p.stages[k].latency end, all_paced),
      "service", latency_json(function(p) return p.stages[k].service end, all_paced),
    }, 22)
  end

  local function stages()
    local parts = {}
    for k = 0, STAGES - 1 do parts[#parts + 1] = stage_json(k) end
    return #parts > 0 and "[" .. table.concat(parts, ",") .. "]" or nil
  end

  local function services()
    local parts = {}
    for k = 0, STEPS - 1 do
      parts[#parts + 1] = latency_json(function(p) return p.service[k] end, all_paced)
    end
    return "[" .. table.concat(parts, ",") .. "]"
  end

  -- What nobody took until the end was due all the same, and never sent.
  local function count_rest()
    local _, length = turn.window()
    paced = all_paced[1]
    clock.close()
    local due = time_of(next_count())
    while due < clock.opens + length do
      if due >= clock.opens then
        clock.count("due", due)
        clock.count("unsent", due)
      end
      due = time_of(next_count())
    end
  end

  local function rate_json()
    count_rest()
    return object({
      "due", whole(sum("due")),
      "begun", whole(sum("begun")),
      "unsent", whole(sum("unsent")),
      "kept_up_us", decimal(most("kept")),
      "on_time", whole(sum("waits")),
      "lag_sum_us", decimal(sum("lag")),
      "lag_squares_us2", decimal(sum("lag_squares")),
      "lag_max_us", decimal(most("lag_most")),
      "service", services(),
      "stages", stages(),
    }, 20)
  end

  local load = ours.load
  function ours.load()
    local parts = { load() }
    for k = 1, #stretches do
      local of = stretches[k]
      parts[#parts + 1] = string.format("%s %.9g/s to %.9g/s in %.9g s", ARRIVAL, of.from * 1000000, of.to * 1000000, of.length / 1000000)
    end
    return table.concat(parts, ", ")
  end

  write_block = function(text) write('{"rate":' .. rate_json() .. "," .. sub(text, 2)) end
end
