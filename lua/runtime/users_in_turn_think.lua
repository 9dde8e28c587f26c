-- Pauses of virtual users who are measured alone. A server may close a connection
-- while it waits: nothing was asked of it.
do
  local pause, await, note_answer = delay, turn.await, turn.note_answer
  local NEVER = 3600000 -- ms
  local waits = false   -- wrk does, to send afterwards
  local paused = false  -- the request at hand is sent behind a pause, and not answered yet

  -- Where wrk waits already it has only connected anew, asks again how long to wait,
  -- and would send when either pause is over, twice in all.
  function delay()
    if request ~= next_request then return pause() end
    if waits then
      record.idled = record.idled + 1
      return NEVER
    end
    waits = true
    local milliseconds = pause()
    paused = milliseconds > 0
    return milliseconds
  end

  function turn.await()
    waits = false
    return await()
  end

  function turn.note_answer(time)
    paused = false
    note_answer(time)
  end

  -- A server that closes connections which wait may do so in the very moment a
  -- request is sent. As any client does, its user asks once more.
  function turn.forgives()
    local closes = false
    if paused then each_record(function(of) closes = closes or of.idled > 0 end) end
    paused = false
    return closes
  end

  -- For done(), which has all records.
  function turn.idled()
    local sum = 0
    for n = 1, #records do sum = sum + records[n].idled end
    return sum
  end

  function turn.closes_idle(broken) return 2 * turn.idled() > broken end
end
