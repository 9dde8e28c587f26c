-- One request, again and again, on few threads: nobody needs to know who
-- asks, and wrk itself keeps the time. Every thread counts what it asks for:
-- wrk's own counts do not tell a lost request from a connection that was
-- closed after its answer.
local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
  add_record(thread)
  thread:set("taskbench_thread", #threads)
  thread:set("taskbench_run", RUN)
end

local function begin()
  user, run, answered = taskbench_thread, taskbench_run, 1
  take_record()
  -- wrk looks at the first request of thread 1 before the run and throws it away.
  record.asked = user == 1 and -1 or 0
end
