-- Iterations begin on a schedule, whatever comes back. Each virtual user takes
-- the next arrival as soon as it is free, and waits until it is due; one that is
-- due already begins late, and what it waited is part of its latency. So a late
-- answer does not move the schedule.
local stretches = {} -- one after the other from the beginning of the schedule on

-- Each is { length in µs, rates at its beginning and its end in arrivals per µs }.
local function lay_out(list)
  local begins, count = 0, 0
  for k = 1, #list do
    local length, from, to = list[k][1], list[k][2], list[k][3]
    stretches[k] = { begins = begins, count = count, length = length, from = from, to = to, slope = (to - from) / length }
    begins, count = begins + length, count + (from + to) / 2 * length
  end
end

-- When so many arrivals have come in the mean, in µs since the schedule began:
-- rates are straight lines, so numbers of arrivals are parabolas.
local function time_of(count)
  local k = #stretches
  while k > 1 and count < stretches[k].count do k = k - 1 end
  local s = stretches[k]
  local more = count - s.count
  if more == 0 then return s.begins end
  local time = s.begins + 2 * more / (s.from + math.sqrt(math.max(0, s.from * s.from + 2 * s.slope * more)))
  return math.floor(time * 1000 + 0.5) / 1000 -- no rounding moves one across the edge of a window
end

-- The clock of the schedule, which stands still when it is another server's turn;
-- filled in below.
-- clock.runs()          whether it does
-- clock.begin()         false where it is another schedule by now
-- clock.moment(due)     when it is so late; nil where the schedule is over before
-- clock.counts(due)     whether what is due then is in the window
-- clock.lag(time, due)  by how much it is later at a moment
-- clock.in_time(time)   whether what is sent then is sent in the window
-- clock.over(time, due) what was due then is not sent any more
-- clock.finish()        behind the last arrival; true where it is all over
-- clock.close()         for done(): goes on to what is measured
-- clock.answered        where set, is told of each answer: of what was due when, how
--                       long it took from then and from its sending, and whether it is good
local clock = { opens = 0, enter = turn.await } -- clock.enter() waits for a slot; true where it is all over

function clock.count(what) paced[what] = paced[what] + 1 end
function clock.keeps_up(due) paced.kept = due - clock.opens end

do
  local set_up, take, begin, ask_next, count, pause = setup, take_shared, next_iteration, next_request, count_measured, delay
  local note_answer, forgives = turn.note_answer, turn.forgives
  local NEAR = 3000     -- µs for which a virtual user sleeps itself: wrk's timer has steps of 1000
  local LONG = 20000    -- µs in which a server may close a connection
  local NEVER = 3600000 -- ms

  local due = 0        -- when the iteration at hand arrived, by the schedule's clock
  local moment = 0     -- the same by the machine's; 0: none has arrived, infinite: none is left
  local early = false  -- it was taken before that
  local first = false  -- its first request is not answered yet
  local late_by = 0    -- µs by which it was sent later, until that is answered
  local outside = false -- the iteration at hand began before the schedule did
  local counts = false -- it was due in the window, and all that becomes of it counts
  local heard = 0      -- when the last answer came
  local rested = false -- the request at hand was sent long after it
  local again = false  -- it is sent once more
  local waits = false  -- wrk waits, to send afterwards

  function setup(thread)
    share_pace(thread)
    set_up(thread)
  end

  take_shared = function()
    take()
    take_pace()
  end

  local function forget()
    moment, first, counts, late_by, outside = 0, false, false, 0, false
  end

  next_iteration = function()
    forget()
    begin()
  end

  function turn.in_window() return counts end
  function turn.due() return due end
  function turn.is_over() return false end

  -- A server that closes connections which wait may do so in the very moment a
  -- request is sent. As any client does, its user asks once more.
  function turn.forgives()
    again = forgives()
    if not again and rested and pace.idled > 0 then
      again = true
      turn.unsent()
    end
    rested = false
    return again
  end

  function turn.note_answer(time)
    first, rested, heard = false, false, time
    note_answer(time)
  end

  -- Connections that servers closed while they waited. They may: nothing was asked
  -- of them.
  function turn.idled()
    local sum = 0
    for n = 1, #all_paced do sum = sum + all_paced[n].idled end
    return sum
  end

  function turn.closes_idle(broken) return 2 * turn.idled() > broken end

  -- Takes the next arrival. What is left when its time is over is never sent.
  local function take_arrival()
    local unsent
    repeat
      lock_pace()
      local number = clock.begin() and next_count()
      unlock_pace()
      due = number and time_of(number)
      moment = due and clock.moment(due) or math.huge
      if moment == math.huge then return end
      local time = now()
      unsent, early, counts = clock.over(time, due), time < moment, clock.counts(due)
      if counts then
        clock.count("due", due)
        if unsent then clock.count("unsent", due) end
      end
    until not unsent
    first = true
  end

  local function begins() return moment == 0 and not outside end

  -- wrk asks before each request how many milliseconds to wait. While it waits it
  -- looks after the connection; the rest of the time the user sleeps itself. Where
  -- wrk waits already it has only connected anew, and must not send twice.
  function delay()
    if request ~= next_request then return 0 end
    if waits then
      paced.idled, pace.idled = paced.idled + 1, pace.idled + 1
      return NEVER
    end
    waits = true
    if begins() and clock.runs() then take_arrival() end
    if first then return math.max(0, math.floor((moment - now() - NEAR) / 1000)) end
    return pause and moment ~= 0 and moment < math.huge and pause() or 0
  end

  -- Has the next arrival, or none where it is not known yet what is due. True where
  -- it is all over.
  local function arrive()
    while begins() or moment == math.huge do
      if moment == math.huge then
        forget()
        if clock.finish() then return true end
      end
      if not clock.runs() then
        outside = true
        return
      end
      take_arrival()
    end
  end

  -- wrk waits for nobody's first arrival, which may be far off where there are many
  -- virtual users: it is slept for in parts, for the run may be given up.
  local function await_moment()
    local left = moment - now()
    while left > LONG and shared.over == 0 and not turn.given_up() do
      sleep(LONG - NEAR)
      left = moment - now()
    end
    if left <= LONG then sleep_until(moment) end
  end

  local function note_sent()
    local time = now()
    rested = heard ~= 0 and time - heard > LONG
    local lag = clock.lag(time, due)
    if clock.in_time(time) then clock.count("begun", due + lag) end
    if not (early and counts) then return end
    clock.keeps_up(due)
    paced.waits, paced.lag, paced.lag_squares = paced.waits + 1, paced.lag + lag, paced.lag_squares + lag * lag
    if lag > paced.lag_most then paced.lag_most = lag end
  end

  function turn.await()
    waits = false
    if arrive() then return true end
    if first and now() < moment then await_moment() end
    if clock.enter() then
      if first and counts then clock.count("unsent", due) end
      return true
    end
    if first and not again then note_sent() end
    again = false
  end

  -- The first request of an iteration was to be sent when it was due.
  next_request = function()
    local text = ask_next()
    if first then
      late_by = clock.lag(record.sent, due)
      record.sent = record.sent - late_by
    end
    return text
  end

  count_measured = function(status, body, elapsed, time)
    local service = elapsed - late_by
    late_by = 0
    add_latency(paced.service[answered - SETUP_STEPS - 1], service)
    if clock.answered then clock.answered(due, elapsed, service, not failed and elapsed <= TIMEOUT) end
    count(status, body, elapsed, time)
  end
end
