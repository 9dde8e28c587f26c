-- A step's figures, added up over all records.
local function add_steps(k, of)
  local sum = { bad = 0, late = 0, answers = 0, left_out = 0, statuses = {}, unmet = {} }
  for n = 1, #of do
    local from = of[n].steps[k - 1]
    sum.bad, sum.late, sum.left_out = sum.bad + from.bad, sum.late + from.late, sum.left_out + from.left_out
    for status = 0, 599 do
      local count = from.statuses[status]
      if count > 0 then
        sum.answers = sum.answers + count
        sum.statuses[status] = (sum.statuses[status] or 0) + count
      end
    end
    for i = 1, #unmet_name[k] do
      sum.unmet[i] = (sum.unmet[i] or 0) + of[n].unmet[unmet_slot[k] + i - 1]
    end
    if not sum.example and from.example.unmet ~= 0 then sum.example = from.example end
  end
  return sum
end

local function example_json(k, example)
  return example and object({
    "unmet", quoted(unmet_name[k][example.unmet]),
    "status", whole(example.status),
    "body", quoted(text_of(example)),
  }, 6)
end

-- count has what is known of the answers of all, and not of each: how many
-- were late, lost, or beyond the requests. An answer that is late and wrong too
-- counts twice, and good is then too low, never too high.
local function step_json(k, of, latency, count)
  local sum = add_steps(k, of)
  sum.late, sum.bad = sum.late + count.late, sum.bad + count.late
  sum.answers = math.max(0, sum.answers - sum.left_out - (count.surplus - count.interim))
  sum.unmet[#unmet_name[k]] = sum.unmet[#unmet_name[k]] + count.lost
  return object({
    "name", quoted(step_name[k]),
    "answers", whole(sum.answers),
    "good", whole(math.max(0, sum.answers - sum.bad)),
    "late", whole(math.min(sum.answers, sum.late)),
    "left_out", sum.left_out > 0 and whole(sum.left_out) or nil,
    "statuses", counts_json(0, 599, sum.statuses),
    "unmet", counts_json(1, #unmet_name[k], sum.unmet, unmet_name[k]),
    "example", example_json(k, sum.example),
    "latency", latency,
  }, 18)
end
