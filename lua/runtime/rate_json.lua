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

  local function services()
    local parts = {}
    for k = 0, STEPS - 1 do
      parts[#parts + 1] = latency_json(function(p) return p.service[k] end, all_paced)
    end
    return "[" .. table.concat(parts, ",") .. "]"
  end

  local function rate_json()
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
    }, 18)
  end

  write_block = function(text) write('{"rate":' .. rate_json() .. "," .. sub(text, 2)) end
end
