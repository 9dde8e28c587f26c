-- Pauses of virtual users, which wrk sits out. A server may close a connection while
-- it waits: nothing was asked of it.
do
  local pause, await, note_answer = delay, turn.await, turn.note_answer
  local forgives, not_forgiven = turn.forgives, turn.not_forgiven
  local NEVER = 3600000 -- ms
  local waits = false   -- wrk does, to send afterwards
  local paused = false  -- the request at hand is sent behind a pause, and not answered yet
  local begun = false
  local owed = 0        -- µs for which it is to begin later; its first pause is so much longer

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
    if not paused or owed == 0 or turn.within_exchange() then return milliseconds end
    local more = math.floor(owed / 1000)
    owed = 0
    if current ~= FIRST then began = began + more * 1000 end
    return milliseconds + more
  end

  -- Who pauses begins at a moment of its own: all would ask at once again behind each
  -- pause, and a window would have a request more or less of each.
  function turn.await()
    waits = false
    if not begun then
      begun, paused = true, true
      local over
      owed, over = turn.hold_back(SPREAD * (user - 1) / USERS)
      if over then
        await()
        return true
      end
    end
    return await()
  end

  function turn.note_answer(time)
    paused = false
    note_answer(time)
  end

  -- A server that closes connections which wait may do so in the very moment a
  -- request is sent. As any client does, its user asks once more. Whether it is such
  -- a server may be known only later: else the request was lost after all.
  function turn.forgives()
    if forgives() then return true end
    if not paused then return false end
    paused = false
    record.forgiven = record.forgiven + 1
    if turn.in_window(record.sent, now()) then record.doubted = record.doubted + 1 end
    turn.unsent()
    return true
  end

  -- For done(), which has all records.
  function turn.idled() return total("idled") end
  function turn.closes_idle(broken) return turn.idled() > 0 and 2 * (turn.idled() + total("forgiven")) > broken end
  function turn.not_forgiven(between)
    return turn.idled() == 0 and between <= 0 and not_forgiven() + total("doubted") or 0
  end
end
