-- Without response(), wrk's own counts say enough: it counts a status of 400
-- or above as an error.
local function request_step_json(summary, late)
  local wrong = summary.errors.status
  return object({
    "name", quoted(step_name[1]),
    "answers", whole(summary.requests),
    "good", whole(math.max(0, summary.requests - wrong - late)),
    "late", whole(late),
    "unmet", wrong > 0 and object({ "status", whole(wrong) }, 2) or nil,
  }, 10)
end
