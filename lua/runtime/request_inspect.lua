-- Every answer is looked at, so every thread keeps a record.
local records = {}
local number_threads, begin = setup, init

function setup(thread)
  number_threads(thread)
  local n = #threads
  records[n] = ffi.new("taskbench_record")
  thread:set("taskbench_record", tonumber(ffi.cast("uintptr_t", ffi.cast("taskbench_record*", records[n]))))
end

function init()
  begin()
  counting = true
  record = ffi.cast("taskbench_record*", taskbench_record)
  step_record[1] = record.steps[0]
end

function response(status, headers, body)
  failed = false
  judge[1](status, headers, body)
  count_answer(step_record[1], status, body)
end
