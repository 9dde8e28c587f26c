-- Without response(), wrk's own counts say enough: it counts a status of 400
-- or above as an error.
local function request_step_json(summary, count)
  local wrong = summary.errors.status
  local answers = math.max(0, summary.requests - count.surplus)
  return object({
    "name", quoted(step_name[1]),
    "answers", whole(answers),
    "good", whole(math.max(0, answers - wrong - count.late)),
    "late", whole(math.min(answers, count.late)),
    "unmet", counts_json(1, 2, { wrong, count.lost }, unmet_name[1]),
  }, 10)
end
