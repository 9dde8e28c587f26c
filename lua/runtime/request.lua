-- One request, again and again, on few threads: nobody needs to know who
-- asks, and wrk itself keeps the time.
local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
  thread:set("taskbench_thread", #threads)
  thread:set("taskbench_run", RUN)
end
