function init()
  user, run, answered = taskbench_thread, taskbench_run, 1
  seed_random(user)
end

function request()
  draw_rows()
  return ask[1]()
end
