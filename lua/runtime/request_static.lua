-- The request never changes: wrk calls wrk.format once and keeps what it gets.
function init()
  run = taskbench_run
  wrk.format = ask[1]
end
