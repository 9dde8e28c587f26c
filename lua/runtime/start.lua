-- The first requests, and the functions wrk calls.
local function start_request()
  local start = await_start()
  record.started = 1
  if SETUP_STEPS > 0 and not taskbench_line then
    seed_random(user)
    request, response = setup_request, setup_response
  else
    seed_random(taskbench_line and -user or user) -- not once more what its setup drew
    shared.ready_at[seat - 1] = start
    open_window(start)
    next_iteration()
    request = next_request
  end
  return request()
end

-- wrk looks at the first request of thread 1 before the run and throws it
-- away: it must neither wait nor count, nor take a number.
local function dry_request()
  request = start_request
  local numbers = drawn.numbers
  local text = ask[1]()
  drawn.numbers = numbers
  return text
end

function init()
  setup, done = nil, nil -- for the main state only: here they would be garbage collection's daily bread
  user, seat, vu, run = taskbench_user, taskbench_seat, tostring(taskbench_user), taskbench_run
  take_record()
  take_shared()
  for k = 1, SETUP_STEPS + STEPS do step_record[k] = record.steps[k - 1] end
  seed_random(user)
  draw_rows()
  request = seat == 1 and dry_request or start_request
end

request, response = start_request, measured_response
