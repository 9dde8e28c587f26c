-- One request, again and again, on few threads: nobody needs to know who
-- asks, and wrk itself keeps the time. Every thread counts what it asks for:
-- wrk's own counts do not tell a lost request from a connection that was
-- closed after its answer.
local threads = {}

function setup(thread)
  if #threads == 0 then
    ours.await(function() end)
    ours.hold(0)
  end
  threads[#threads + 1] = thread
  add_record(thread)
  thread:set("taskbench_thread", #threads)
  thread:set("taskbench_run", RUN)
end

local function begin()
  seat, run, answered = taskbench_thread, taskbench_run, 1
  user = ours.before + seat
  take_record()
  -- wrk looks at the first request of thread 1 before the run and throws it away.
  record.asked = seat == 1 and -1 or 0
end
