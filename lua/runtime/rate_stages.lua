-- What is counted of each stage: what was due in it, whenever it was answered, and
-- what began in it.
do
  local count, keeps_up = clock.count, clock.keeps_up
  local before = #stretches - STAGES -- the warm-up is no stage

  local function number_of(time)
    local k = #stretches
    while k > before + 1 and time < stretches[k].begins do k = k - 1 end
    return k - before - 1
  end

  function clock.count(what, time)
    count(what, time)
    local stage = paced.stages[number_of(time)]
    stage[what] = stage[what] + 1
  end

  function clock.keeps_up(due)
    keeps_up(due)
    local k = number_of(due)
    paced.stages[k].kept = due - stretches[before + k + 1].begins
  end

  function clock.answered(due, latency, service, good)
    local stage = paced.stages[number_of(due)]
    add_latency(stage.latency, latency)
    add_latency(stage.service, service)
    if good then stage.good = stage.good + 1 else stage.failed = stage.failed + 1 end
  end
end
