-- The schedule's clock where servers take turns: it runs in the slots of this
-- server, and stands still outside. Warm-up and measurement have a schedule each.
do
  local take_part, await_slot = turn.takes_part, clock.enter

  -- Slots are counted whole, whenever their last answer came.
  function turn.takes_part(sent, time, status)
    local takes = take_part(sent, time, status)
    place.counts.last = 0
    return takes
  end

  function clock.runs()
    if place.schedule().go == 0 then
      place.ready()
      local patience = now() + 1000000
      repeat sleep(2000) until place.schedule().go ~= 0 or shared.over ~= 0 or now() > patience
    end
    return place.schedule().go ~= 0 and not place.given_up()
  end

  function clock.begin()
    local phase = place.phase + 1
    if pace.phase < phase then pace.phase, pace.count = phase, 0 end
    return pace.phase == phase
  end

  function clock.close()
    place.phase = 1
    clock.begin()
  end

  function clock.counts() return place.phase == 1 end
  clock.in_time = clock.counts

  function clock.moment(due)
    local of, k = place.schedule(), math.max(place.round, 0)
    while k < of.rounds and place.slots_before(of, k + 1) <= due do k = k + 1 end
    if k >= of.rounds then return nil end
    return place.slot_at(of, k) + due - place.slots_before(of, k)
  end

  function clock.lag(time, due)
    return place.slots_before(place.schedule(), place.round) + time - place.begins - due
  end

  function clock.over(time)
    local of = place.schedule()
    local _, ends = place.slot_at(of, of.rounds - 1)
    return time >= ends or place.given_up()
  end

  -- The warm-up is followed by the measurement, that by the end.
  function clock.finish()
    local over = place.phase_ends(place.schedule())
    while now() < over and shared.over == 0 and not place.given_up() do sleep(math.min(20000, over - now() + 1)) end
    if place.phase == 1 or shared.over ~= 0 or place.given_up() then return await_slot() end
    place.phase, place.round, place.begins, place.ends = 1, -1, math.huge, 0
    return false
  end
end
