-- What is different where servers take turns of a fraction of a second. This one
-- is measured alone: nobody waits for another's turn.
local turn = {}
function turn.note_answer() end
function turn.note_wrong() end
function turn.takes_part() return true end
function turn.slots_json() end
function turn.idled() return 0 end
function turn.closes_idle() return false end
function turn.forgives() return false end
function turn.unsent() end
function turn.given_up() return false end
function turn.within_exchange() return false end
function turn.not_forgiven() return 0 end
function turn.in_window(_, time) return time >= opens and time < closes end
function turn.is_over(time) return time >= closes end

do
  local closed = false

  -- What was asked in the window and not answered in time is not forgotten because
  -- its answer, or its end, came after.
  function turn.over(sent)
    if sent < closes and now() - sent > TIMEOUT then record.overdue = record.overdue + 1 end
    if FINISH == 0 then finish() else closed = true end
  end

  local function all_rest()
    local busy = 0
    each_record(function(of) busy = busy + of.started - of.resting end)
    return busy == 0
  end

  -- Behind the window a virtual user goes on to the end of its iteration, so that
  -- what it made is cleaned up, but not for ever. Then it waits for the others.
  local function rest()
    local most = closes + FINISH
    if current ~= FIRST and now() < most then return false end
    record.resting = 1
    while not all_rest() and now() < most and shared.over == 0 do sleep(math.max(1000, ours.users * 100)) end
    finish()
    return true
  end

  function turn.await() return closed and rest() end

  -- Waits before a first request, but not for long: who sleeps here does not see that wrk
  -- was told to stop. Gives what is left, and true where the window is over.
  function turn.hold_back(microseconds)
    local part = math.min(microseconds, 2000000)
    local over = math.min(now() + part, closes)
    while now() < over and shared.over == 0 do sleep(math.min(20000, over - now() + 1)) end
    if now() < closes then return microseconds - part, false end
    turn.over(now())
    return 0, true
  end
end
