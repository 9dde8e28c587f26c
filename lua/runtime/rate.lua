-- Iterations begin on a schedule, whatever comes back. Each virtual user takes
-- the next arrival as soon as it is free, and waits until it is due; one that is
-- due already begins late, and what it waited is part of its latency. So a late
-- answer does not move the schedule.
local schedule = {} -- stretches, one after the other from the beginning of the warm-up on

-- Each is { length in µs, rates at its beginning and its end in arrivals per µs }.
local function lay_out(stretches)
  local begins, count = 0, 0
  for k = 1, #stretches do
    local length, from, to = stretches[k][1], stretches[k][2], stretches[k][3]
    schedule[k] = { begins = begins, count = count, from = from, slope = (to - from) / length }
    begins, count = begins + length, count + (from + to) / 2 * length
  end
end

-- When so many arrivals have come in the mean, in µs since the schedule began:
-- rates are straight lines, so numbers of arrivals are parabolas.
local function time_of(count)
  local k = #schedule
  while k > 1 and count < schedule[k].count do k = k - 1 end
  local s = schedule[k]
  local more = count - s.count
  if more == 0 then return s.begins end
  return s.begins + 2 * more / (s.from + math.sqrt(math.max(0, s.from * s.from + 2 * s.slope * more)))
end

local function next_arrival()
  lock_pace()
  local count = next_count()
  unlock_pace()
  return opens - WARMUP + time_of(count)
end

do
  local set_up, take, begin, ask_next, count, pause = setup, take_shared, next_iteration, next_request, count_measured, delay
  local NEAR = 3000      -- µs for which a virtual user sleeps itself: wrk's timer has steps of 1000
  local LONG = 20000     -- µs in which a server may close a connection that sleeps
  local NEVER = 3600000  -- ms

  local due = 0       -- when the iteration at hand arrived; 0: none has
  local early = false -- it was taken before that
  local first = false -- its first request is not answered yet
  local sent = 0      -- when the request at hand was sent
  local slept = false -- for long, and has had no answer since
  local waits = false -- wrk waits, to send afterwards

  function setup(thread)
    share_pace(thread)
    set_up(thread)
  end

  take_shared = function()
    take()
    take_pace()
  end

  next_iteration = function()
    due, first = 0, false
    begin()
  end

  -- An arrival counts when it is due in the window, with all that becomes of it,
  -- whenever that is.
  function turn.in_window() return due >= opens and due < closes end
  function turn.is_over() return false end
  count_second = function(answers)
    local second = (due - opens) / 1000000
    second = second - second % 1
    answers[second] = answers[second] + 1
  end

  -- Nobody looked after a connection while its user slept. As any client does, it
  -- asks once more where the server had closed it.
  function turn.forgives()
    local again = slept
    slept = false
    return again
  end

  function turn.note_answer() first, slept = false, false end

  -- Connections that servers closed while they waited. They may: nothing was asked
  -- of them.
  function turn.idled()
    local sum = 0
    for n = 1, #all_paced do sum = sum + all_paced[n].idled end
    return sum
  end

  function turn.closes_idle(broken) return 2 * turn.idled() > broken end

  local function busy()
    local n = 0
    each_record(function(of) n = n + of.started - of.resting end)
    return n > 0
  end

  -- Behind the last arrival, all wait for those whose answers are on their way.
  local function rest()
    record.resting = 1
    local most = closes + OVERTIME + FINISH
    while busy() and now() < most and shared.over == 0 do sleep(math.max(1000, USERS * 100)) end
    finish()
    return true
  end

  -- Takes the next arrival. What is left of the window's when its overtime is over
  -- is never sent.
  local function take_arrival()
    local time
    repeat
      due, time = next_arrival(), now()
      local unsent = due < closes and time > closes + OVERTIME
      if turn.in_window() then
        paced.due = paced.due + 1
        if unsent then paced.unsent = paced.unsent + 1 end
      end
    until not unsent
    first, early = true, time < due
  end

  local function begins() return due == 0 and opens < math.huge and (MODE == "mix" or current == FIRST) end

  -- wrk asks before each request how many milliseconds to wait. While it waits it
  -- looks after the connection; the rest of the time the user sleeps itself. Where
  -- wrk waits already it has only connected anew, and must not send twice.
  function delay()
    if request ~= next_request then return 0 end
    if waits then
      paced.idled = paced.idled + 1
      return NEVER
    end
    waits = true
    if begins() then take_arrival() end
    if first then return math.max(0, math.floor((math.min(due, closes) - now() - NEAR) / 1000)) end
    return pause and due ~= 0 and pause() or 0
  end

  local function note_lag(lag)
    paced.kept = due
    paced.waits, paced.lag, paced.lag_squares = paced.waits + 1, paced.lag + lag, paced.lag_squares + lag * lag
    if lag > paced.lag_most then paced.lag_most = lag end
  end

  local function await_due()
    local time = now()
    if time < due then
      sleep_until(due)
      slept = due - time > LONG
    end
    time = now()
    if early and turn.in_window() then note_lag(time - due) end
    if time >= opens and time < closes then paced.begun = paced.begun + 1 end
  end

  function turn.await()
    waits = false
    if begins() then take_arrival() end
    if not first then return end
    if due >= closes then return rest() end
    await_due()
  end

  -- The first request of an iteration was to be sent when it was due.
  next_request = function()
    local text = ask_next()
    sent = record.sent
    if first then record.sent = due end
    return text
  end

  count_measured = function(status, body, elapsed, time)
    add_latency(paced.service[answered - SETUP_STEPS - 1], time - sent)
    count(status, body, elapsed, time)
  end
end
