-- Virtual users. wrk does not say which connection an answer belongs to, so
-- there is one connection a thread: every Lua state is one virtual user, and
-- request, answer, request are strictly in order.
local opens, closes = math.huge, math.huge -- the measurement window

-- Whether virtual users who were ready then missed the moment at which all begin. Sums
-- of times are rounded: a microsecond is none.
function ours.misses(ready) return shared.told_to ~= 0 and ready > shared.told_to + 1 end

-- The start where nothing comes after the last thread.
function ours.start_behind(pause)
  if shared.told_to ~= 0 and ours.preparing == 0 then return shared.told_to end
  return shared.last + pause
end

-- Main state, once a thread: numbers the virtual user. All start together, 100 ms
-- after the last one is made, or when they were told to: a setup that is done here
-- comes before that. wrk counts its time from the last thread on, and knows nothing
-- of those who wait for the others: LEAD is part of what it is given.
function setup(thread)
  local LEAD, TO_MAKE = 2000000, 5000 -- µs; for each thread, on a busy machine
  if #records == 0 then ours.hold(LEAD + ours.preparing + TO_MAKE * ours.users) end
  local n = add_record(thread)
  if n > 10000 then error("more than 10000 virtual users: use fewer threads (-t)") end
  if n > ours.users and ours.places > 1 then ours.refuse("this share has ", ours.users, " virtual users: wrk needs -t ", ours.users, " -c ", ours.users) end
  thread:set("taskbench_seat", n)
  thread:set("taskbench_user", ours.before + n)
  thread:set("taskbench_run", RUN)
  share(thread)
  shared.users = n
  if n == ours.users then
    ours.await(function() shared.last = now() end) -- who is there already does not begin
    ours.hold(LEAD + ours.preparing)
  end
  shared.told_to, shared.last = ours.go, now()
  if n >= ours.users and shared.go == 0 then shared.go = ours.start_behind(100000) end
end

-- Ends the run: wrk takes SIGINT as the end of its time, prints its summary
-- and calls done(). While it creates threads it is deaf to it: whoever comes
-- here half a second later tells it again.
local function finish()
  local time = now()
  if time - shared.over < 500000 then return end
  shared.over = time
  interrupt()
end

-- The common start. When fewer threads come than the script was made for
-- (a run by hand), they start two seconds after the last.
local function common_start()
  return shared.go ~= 0 and shared.go or ours.start_behind(2000000)
end

local function await_start()
  local pause = 500
  while true do
    local start = common_start()
    local left = start - now()
    if left <= 0 then
      -- Who comes after two seconds in which no thread could be made has the same window.
      if shared.go == 0 then shared.go = start end
      return shared.go
    end
    sleep(math.min(pause, left + 1))
    pause = math.min(pause * 2, 20000)
  end
end

local function open_window(base)
  opens = base + WARMUP
  closes = opens + DURATION
end
