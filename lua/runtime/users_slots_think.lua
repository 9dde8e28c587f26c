-- A pause is as long in one's own slots as it would be without the others.
do
  local pause, await = delay, turn.await
  local owed = 0 -- µs of a pause that the warm-up has no slots for

  local function goes_on() return shared.over == 0 and not place.given_up() end

  -- Waits before a first request, in one's own slots.
  function turn.hold_back(microseconds)
    place.ready()
    while microseconds >= 1 and goes_on() do
      local from = math.max(now(), place.begins)
      if from < place.ends then
        local till = math.min(from + microseconds, place.ends)
        while now() < till and goes_on() do sleep(math.min(20000, till - now() + 1)) end
        microseconds = microseconds - (till - from)
      else
        local known, over = place.move(now())
        if over then return 0 end
        if not known then sleep(2000) end
      end
    end
    return 0
  end

  function delay()
    local thinks, time = pause() * 1000, now()
    if place.round < 0 then return 0 end
    local left = thinks
    local of, k, from, till = place.schedule(), place.round, math.max(time, place.begins), place.ends
    while from + left >= till and k < of.rounds do
      left = left - math.max(0, till - from)
      k = k + 1
      from, till = place.slot_at(of, k)
    end
    owed = k >= of.rounds and place.phase == 0 and left or 0
    left = left - owed
    turn.resumes = from + left
    turn.leave_out(turn.resumes - time - thinks + owed)
    return math.max(0, math.floor((turn.resumes - time) / 1000 + random()))
  end

  -- Who pauses when the warm-up ends goes on to in the measured slots: else all would
  -- begin those at once.
  function turn.await()
    if owed > 0 then
      local time, left = now(), owed
      owed = 0
      turn.hold_back(left)
      turn.leave_out(math.max(0, now() - time - left))
    end
    return await()
  end
end
