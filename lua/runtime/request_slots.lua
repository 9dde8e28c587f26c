-- One request, again and again, in turn with those of other servers. wrk asks
-- each connection how long to wait before it sends: until the next slot begins.
local turn = { open_at_end = 0 }
function turn.slots_json() return place.json(false, 0) end

do
  local set_up, start, ask_next, inspect = setup, init, request, response
  local connections = 0      -- of this thread
  local answers, late = 0, 0 -- of this slot; those that came behind its end
  local first, last = 0, 0   -- sums over connections: when the first and the last answer of this slot came
  local next_begins = 0      -- when the slot after this one does; 0: not known yet
  local LINGER = 250000      -- µs behind the last slot in which answers are waited for

  function setup(thread)
    place.share(thread)
    set_up(thread)
  end

  function init()
    start()
    place.take()
    connections = USERS / THREADS
  end

  -- All connections begin a slot together and have one request open when it
  -- ends: the first answers are one of each, and so are those behind its end. A
  -- connection that has none there got its last right before.
  local function settle()
    if place.measured and answers > connections then
      local counts = place.counts
      counts.left_out = counts.left_out + connections
      counts.counted[place.round] = answers - connections
      counts.span[place.round] = last + (connections - late) * place.ends - first
    end
    answers, late, first, last, next_begins, place.measured = 0, 0, 0, 0, 0, false
  end

  local function following()
    if next_begins == 0 then
      local of = place.schedule()
      local more = place.round + 1 < of.rounds
      next_begins = more and place.slot_begins(of, place.round + 1) or place.phase_ends(place.measured_schedule()) + LINGER
    end
    return next_begins
  end

  function delay()
    local time = now()
    if place.round < 0 or time < place.ends then return 0 end
    return math.max(0, math.ceil((following() - time) / 1000))
  end

  -- The first request of a slot comes here when it has begun, or somewhat late.
  -- Nothing is open then, so the thread may sleep. True when there are no more.
  local function move_on()
    settle()
    place.ready()
    local known, over
    repeat
      known, over = place.move(now())
      if over then return true end
      if not known then sleep(2000) end
    until known
    sleep(math.max(0, place.begins - now()))
  end

  -- What wrk was told to send at once belongs to its slot, even when that is over
  -- by a moment. The request that wrk looks at before the run is none.
  function request()
    if record.asked < 0 then return ask_next() end
    if place.round < 0 or now() >= following() then
      if move_on() then
        if place.ends_run() then
          sleep(100000) -- until other threads have settled their last slot, too
          interrupt()
        end
        return ""
      end
    end
    place.note_sent()
    return ask_next()
  end

  function response(status, headers, body)
    local time = now()
    answers = answers + 1
    if answers <= connections then first = first + time end
    if time > place.ends then
      late, last = late + 1, last + time
      place.note_late(time - place.ends)
    end
    if inspect then inspect(status, headers, body) end
  end
end
