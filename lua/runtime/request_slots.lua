-- One request, again and again, in turn with those of other servers. wrk asks
-- each connection how long to wait before it sends: until the next slot begins.
local turn = { open_at_end = 0 }

-- A thread whose requests are never answered is not called again: from the slot
-- on in which it sent the last one, they are waited for as long as there are slots.
local function settle_silent(counts, of)
  local k = of.rounds - 1
  while k >= 0 and counts.sent[k] == 0 do k = k - 1 end
  if k >= 0 and counts.counted[k] > 0 then k = k + 1 end
  for silent = math.max(0, k), of.rounds - 1 do
    local from, till = place.slot_at(of, silent)
    counts.span[silent] = USERS / THREADS * (till - from)
  end
end

-- How long the first answers of slots took, which wrk has in its histogram like
-- any others: by thread.
local firsts = {}

function turn.slots_json()
  for n = 1, #place.all do settle_silent(place.all[n], place.measured_schedule()) end
  return place.json(false, function() return 0 end, firsts)
end
function turn.opened() return place.measured_schedule().go end
turn.idled, turn.closes_idle = place.idled, place.closes_idle

-- Requests of the first slot that were lost. All connections had waited for it,
-- and nobody saw what became of them.
function turn.forgiven() return place.sum("forgiven") end

do
  local set_up, start, ask_next, inspect = setup, init, request, response
  local connections = 0      -- of this thread
  local answers, late = 0, 0 -- of this slot; those that came behind its end
  local first, last = 0, 0   -- sums over connections: when the first and the last answer of this slot came
  local carried = 0          -- connections whose request of the slot before was still open when this one began
  local waiting = 0          -- connections that wait for the next slot
  local waits, answered = 0, 0 -- how often any connection was to wait, and how many answers came, in all
  local lost = 0             -- requests whose connections broke, in all
  local over = false
  local is_first = true      -- no slot that is measured has been settled yet
  local next_begins = 0      -- when the slot after this one does; 0: not known yet
  local LINGER = 250000      -- µs behind the last slot in which answers are waited for
  local begun, sent = {}, 0  -- when the first requests of this slot were sent, and how many were
  local first_answers        -- how long they took, of this thread
  local opened = {}          -- by slot that was settled: its round, connections that were open when the next one began, for how long then

  function setup(thread)
    place.share(thread)
    firsts[#firsts + 1] = ffi.new("taskbench_latency")
    thread:set("taskbench_firsts", address("taskbench_latency*", firsts[#firsts]))
    set_up(thread)
  end

  function init()
    start()
    place.take()
    first_answers = ffi.cast("taskbench_latency*", taskbench_firsts)
    connections = USERS / THREADS
    waiting = connections
  end

  -- All connections begin a slot together and have one request open when it
  -- ends: the first answers are one of each, and so are those behind its end. A
  -- connection that has none there got its last right before. One that waits for
  -- its answer beyond the others' turns goes on to wait in the next slot: neither
  -- the time nor the answer is lost, whichever it is. time: up to when its wait
  -- belongs to the slot that is settled.
  local function settle(slot, time)
    local starting, open = connections - carried, math.max(0, connections - waiting)
    local without = math.max(0, starting - answers) -- an answer; they begin anew with the next slot
    open = math.max(0, open - without)
    if slot.measured then
      local counts = place.counts
      counts.left_out = counts.left_out + starting - without
      counts.counted[slot.round] = math.max(0, answers - starting)
      local closed = connections - without - late - open
      counts.span[slot.round] = math.max(0, last + closed * slot.ends + open * time - first - carried * slot.begins)
      opened[#opened + 1] = { round = slot.round, open = open, beyond = time - slot.ends }
    end
    if slot.measured and is_first then
      place.counts.forgiven = math.max(0, math.min(connections, record.asked - waits + waiting))
      is_first = false
    end
    carried = slot.measured and open or 0
    answers, late, first, last, waiting, next_begins, sent = 0, 0, 0, 0, 0, 0, 0
  end

  -- What is open behind the last slot is never answered, and was waited for in its
  -- server's own slots only, as it would have been without the others.
  local function settle_unanswered()
    local open = carried
    for i = #opened, 1, -1 do
      open = math.min(open, opened[i].open)
      if open == 0 then return end
      local span = place.counts.span
      span[opened[i].round] = math.max(0, span[opened[i].round] - open * opened[i].beyond)
    end
  end

  local function following()
    if next_begins == 0 then
      local of = place.schedule()
      local more = place.round + 1 < of.rounds
      next_begins = more and place.slot_at(of, place.round + 1) or place.phase_ends(of) + (place.phase == 1 and LINGER or 0)
    end
    return next_begins
  end

  -- Every connection waits once when it is made and once behind each answer.
  local function waits_already(time)
    waits = waits + 1
    if waits - answered <= connections then return false end
    waits = waits - 1
    if time >= place.ends then place.counts.idled = place.counts.idled + 1 end
    return true
  end

  -- wrk's clock for waits counts whole milliseconds, so a wait may end up to one too
  -- soon. What is sent then would be counted to the slot before, with all the time
  -- of the others' turns in between: one millisecond more.
  function delay()
    local time = now()
    if waits_already(time) then return NEVER end
    if place.round < 0 or time < place.ends then return 0 end
    waiting = waiting + 1
    return math.max(0, math.ceil((following() - time) / 1000) + 1)
  end

  -- The first request of a slot comes here when it has begun, or somewhat late.
  -- Nothing is open then, so the thread may sleep. True when there are no more.
  --
  -- Where all connections waited for their answers, nobody may have come here for a
  -- whole slot and more: that was time of theirs, too.
  local function move_on()
    local slot = { round = place.round, begins = place.begins, ends = place.ends, measured = place.measured }
    local time, next = now(), following()
    place.ready()
    local known, over
    repeat
      known, over = place.move(now())
      if not known and not over then sleep(2000) end
    until known or over
    if over then
      settle(slot, next)
      settle_unanswered()
      return true
    end
    settle(slot, math.max(next, math.min(time, place.begins)))
    place.await()
  end

  -- There are no more slots for this thread, which may have missed the last ones.
  -- The first one to come here ends the run when those of others are over, too.
  local function end_run()
    if not place.ends_run() then return end
    local over = place.phase_ends(place.measured_schedule()) + LINGER
    while now() < over and not place.given_up() do sleep(2000) end
    sleep(100000) -- until other threads have settled their last slot
    interrupt()
  end

  -- Each connection sends once for each wait, and once more where it broke meanwhile.
  local function note_lost()
    if record.asked + 1 - waits <= lost then return end
    lost = lost + 1
    place.note_lost()
  end

  -- What wrk was told to send at once belongs to its slot, even when that is over
  -- by a moment. The request that wrk looks at before the run is none.
  function request()
    if record.asked < 0 then return ask_next() end
    over = over or (place.round < 0 or now() >= following()) and move_on()
    if over then
      end_run()
      return ""
    end
    place.note_sent()
    note_lost()
    if sent < connections then
      sent = sent + 1
      begun[sent] = now()
    end
    return ask_next()
  end

  -- All begin together, and nobody knows whose answer it is: the first one is taken
  -- to be for the first request. Where a request of the slot before was still open, it
  -- may be for that.
  local function note_first(time)
    if place.measured and carried == 0 and answers <= sent then add_latency(first_answers, time - begun[answers]) end
  end

  function response(status, headers, body)
    local time = now()
    answers, answered = answers + 1, answered + 1
    if answers <= connections - carried then
      first = first + time
      note_first(time)
    end
    if time > place.ends then
      late, last = late + 1, last + time
    end
    place.note_answer(time)
    if inspect then inspect(status, headers, body) end
    if inspect and failed or not inspect and status > 399 then place.note_wrong() end
  end
end
