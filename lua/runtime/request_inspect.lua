-- Every answer is looked at, so every thread keeps a record.
local number_threads, begin = setup, init

function setup(thread)
  number_threads(thread)
  add_record(thread)
end

function init()
  begin()
  counting = true
  take_record()
  step_record[1] = record.steps[0]
end

function response(status, headers, body)
  failed = false
  judge[1](status, headers, body)
  count_answer(step_record[1], status, body)
end
