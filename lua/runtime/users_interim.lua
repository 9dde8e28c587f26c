-- An interim answer (103) comes before the one that is waited for, and wrk asks at once
-- for how long to pause. Nobody does yet: wrk goes on without, and waits for the answer.
-- Where that came before wrk went on, the virtual user pauses itself.
do
  local pause, await = delay, turn.await
  local hurried = false

  function delay()
    hurried = interim and request == next_request
    return hurried and 0 or pause()
  end

  local function sit_out(milliseconds)
    local over = now() + milliseconds * 1000
    while now() < over and shared.over == 0 and not turn.given_up() do sleep(math.min(20000, over - now() + 1)) end
  end

  function turn.await()
    if hurried then
      hurried = false
      sit_out(pause())
    end
    return await()
  end
end
