-- Virtual users in turn with those of other servers: each sends in slots of its
-- own server only, and sleeps in between. An answer belongs to the slot that its
-- request was sent in, whenever it comes.
do
  local set_up = setup
  function setup(thread)
    add_slots(thread)
    set_up(thread)
  end

  local take = take_shared
  take_shared = function()
    take()
    take_slots()
  end
end

local first, last = 0, 0 -- when the first and the last answer of this slot came

-- The figures are of slots, and none is before or behind them.
open_window = function() end
is_over = function() return false end
window_over = function() end
in_window = function(sent) return measured and sent >= begins end

count_second = function(answers)
  local second = math.floor(round * (ends - begins) / 1000000)
  answers[second] = answers[second] + 1
end

note_answer = function(time)
  slots.answered = slots.answered + 1
  if time > ends and round >= 0 then note_late(time - ends) end
end

-- All begin a slot together, so the first answer of each comes sooner or later
-- than others do. It is left out unless it is not as expected, and the time that
-- answers are counted in runs from it to the last one. Those who think do not
-- begin together.
takes_part = function(sent, time)
  last = time
  local is_first = first == 0
  if is_first then first = time end
  local bad = failed or time - sent > TIMEOUT
  if is_first and not THINKS and not bad then
    slots.left_out = slots.left_out + 1
    return false
  end
  slots.counted[round] = slots.counted[round] + 1
  if bad then slots.bad[round] = slots.bad[round] + 1 end
  return true
end

-- The slot is over: adds the time that its answers are counted in. The slots of
-- those who think are added at the end, the quiet ones with them.
local function settle()
  if measured then
    local span = THINKS and math.max(0, last - ends) or last - first
    slots.span[round] = slots.span[round] + span
  end
  first, last, measured = 0, 0, false
end

local function quiet()
  local open = 0
  each_record(function(of) if of.sent ~= 0 then open = open + 1 end end)
  return open == 0
end

-- There are no more slots: the end is when nobody waits for an answer.
local function await_end()
  local over = phase_ends(board.phases[1])
  repeat
    sleep(math.max(2000, USERS * 100))
    local time = now()
  until shared.over ~= 0 or time > over and quiet() or time > over + PATIENCE_AT_END
  finish()
  return true
end

-- Waits for the next slot, for a second at most where none is known: then a
-- request that does not count keeps the connection open. True when there are no more.
local function await_slot(time)
  board.place[PLACE].ready = 1
  local patience = time + 1000000
  local known, over
  repeat
    known, over = take_slot(now())
    if over then return await_end() end
    if not known then sleep(2000) end
  until known or shared.over ~= 0 or now() > patience
  if known then sleep(math.max(0, begins - now())) end
end

await_turn = function()
  local time = now()
  if time < begins or time >= ends then
    settle()
    if await_slot(time) then return true end
    if current ~= FIRST then began = began + (now() - time) end
  end
  if round >= 0 then note_sent() end
end
