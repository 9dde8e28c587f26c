-- Every answer is looked at.
local start = init

function init()
  start()
  counting = true
  step_record[1] = record.steps[0]
end

function response(status, headers, body)
  if is_interim(status) then
    record.surplus = record.surplus + 1
    return
  end
  failed = false
  judge[1](status, headers, body)
  count_answer(step_record[1], status, body)
end
