-- Virtual users in turn with those of other servers: each sends in slots of its
-- own server only, and sleeps in between. An answer belongs to the slot that its
-- request was sent in, whenever it comes.
do
  local set_up, take = setup, take_shared
  local rested = false -- this virtual user itself did, and has had no answer since
  local PATIENCE = 1000000 -- µs that answers are waited for behind the last slot
  local finishing = false  -- an iteration, behind the last slot

  function setup(thread)
    place.share(thread)
    set_up(thread)
  end

  take_shared = function()
    take()
    place.take()
  end

  -- The figures are of slots, and none is before or behind them.
  open_window = function() end
  function turn.is_over() return false end
  function turn.over() end
  function turn.in_window(sent) return place.measured and sent >= place.begins end

  count_second = function(answers)
    local second = math.floor(place.slots_before(place.measured_schedule(), place.round) / 1000000)
    answers[second] = answers[second] + 1
  end

  function turn.note_answer(time)
    rested = false
    if finishing then return end
    place.note_answer(time)
    place.note_waited(time - record.sent)
  end

  turn.note_wrong = place.note_wrong

  -- Nobody saw what became of the connection while the user itself waited. As
  -- any client does, it asks once more where the server had closed it. (To have
  -- wrk wait would show it, and cost each request 2 µs.)
  function turn.forgives()
    place.note_lost()
    if not rested then return false end
    place.counts.forgiven = place.counts.forgiven + 1
    turn.unsent()
    rested = false
    return true
  end

  function turn.unsent()
    if place.round >= 0 then place.unnote_sent() end
  end

  turn.not_forgiven, turn.given_up = place.not_forgiven, place.given_up

  -- All begin a slot together, so the first answer of each comes sooner or later
  -- than others do. It is left out unless it is not as expected, and the time that
  -- answers are counted in runs from it to the last one. Those who think do not
  -- begin together.
  function turn.takes_part(sent, time, status)
    local counts, round = place.counts, place.round
    local bad = failed or time - sent > TIMEOUT
    local is_first = counts.first == 0
    counts.last = time
    if is_first then counts.first = time end
    if is_first and not THINKS and not bad then
      local step = step_record[answered]
      counts.left_out, step.left_out = counts.left_out + 1, step.left_out + 1
      count_status(step, status)
      return false
    end
    counts.counted[round] = counts.counted[round] + 1
    if bad then counts.bad[round] = counts.bad[round] + 1 end
    return true
  end

  -- The slot is over: adds the time that its answers are counted in. The slots of
  -- those who think are added at the end, the quiet ones with them.
  local function settle()
    local counts = place.counts
    if place.measured then
      local span = THINKS and math.max(0, counts.last - place.ends) or counts.last - counts.first
      counts.span[place.round] = counts.span[place.round] + span
    end
    counts.first, counts.last, counts.unsettled, place.measured = 0, 0, 0, false
  end

  local function quiet()
    local open = 0
    each_record(function(of)
      if (FINISH > 0 and of.started - of.resting or of.sent) ~= 0 then open = open + 1 end
    end)
    return open == 0
  end

  -- There are no more slots. When the others have had theirs, who is in an
  -- iteration goes on to its end; then it is over when nobody waits for an answer.
  -- False: go on.
  local function await_end()
    local over = place.phase_ends(place.measured_schedule())
    while now() < over and shared.over == 0 and not place.given_up() do sleep(math.min(20000, over - now() + 1)) end
    finishing = current ~= FIRST and now() < over + FINISH and not place.given_up()
    if finishing then return false end
    record.resting = 1
    repeat
      sleep(math.max(2000, ours.users * 100))
      local time = now()
    until shared.over ~= 0 or place.given_up() or time > over and quiet() or time > over + math.max(PATIENCE, FINISH)
    place.ends_run()
    finish()
    return true
  end

  -- Waits for the next slot, for a second at most where none is known: then a
  -- request that does not count keeps the connection open. True when there are no more.
  local function await_slot(time)
    place.ready()
    local patience = time + 1000000
    local known, over
    repeat
      known, over = place.move(now())
      if over then return await_end() end
      if not known then sleep(2000) end
    until known or shared.over ~= 0 or now() > patience
    if not known then return end
    place.await()
    if place.measured then place.counts.unsettled = place.round + 1 end
  end

  -- When a pause is over. wrk counts milliseconds, and may wake a virtual user a little
  -- before: the wait up to here is left out already.
  turn.resumes = 0

  -- An iteration does not take the time in which it was another's turn.
  function turn.leave_out(microseconds)
    if current ~= FIRST then began = began + microseconds end
  end

  function turn.await()
    if finishing then return await_end() end
    local time = now()
    if time < place.begins or time >= place.ends then
      settle()
      if await_slot(time) then return true end
      rested = now() - time > 1000
      if rested then place.counts.rests = place.counts.rests + 1 end
      turn.leave_out(math.max(0, now() - math.max(time, turn.resumes)))
    end
    if place.round >= 0 and not finishing then place.note_sent() end
  end
end
