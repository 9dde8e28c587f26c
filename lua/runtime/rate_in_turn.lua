-- The schedule's clock where a server is measured alone: it runs from the
-- beginning of the warm-up on.
clock.opens = WARMUP

function clock.runs() return opens < math.huge end
function clock.begin() return true end
function clock.close() end
function clock.counts(due) return due >= WARMUP end
function clock.lag(time, due) return time - (opens - WARMUP) - due end
function clock.in_time(time) return time >= opens and time < closes end

-- What the warm-up left over is not sent in the window: the queue that it was in
-- would be all that is measured of a server that does not keep up.
function clock.over(time, due)
  return time > closes + OVERTIME or due < WARMUP and time >= opens
end


function clock.moment(due)
  return due < WARMUP + DURATION and opens - WARMUP + due or nil
end

count_second = function(answers)
  local second = (turn.due() - WARMUP) / 1000000
  second = second - second % 1
  answers[second] = answers[second] + 1
end

do
  local function busy()
    local n = 0
    each_record(function(of) n = n + of.started - of.resting end)
    return n > 0
  end

  -- All wait for those whose answers are on their way, and until the window closes:
  -- it is as long where nothing more is due in it.
  function clock.finish()
    record.resting = 1
    local most = closes + OVERTIME + FINISH
    while (busy() or now() < closes) and now() < most and shared.over == 0 do sleep(math.max(1000, ours.users * 100)) end
    finish()
    return true
  end
end
