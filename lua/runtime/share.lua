-- Several processes, on one machine or on many, may run this script together:
-- TASKBENCH_SHARE=2/3 has the second of three shares of the virtual users. Their
-- numbers go through all shares, and with them what is drawn, rows, lines and
-- sequences; seats are a process's own. TASKBENCH_GO is when all begin, in µs since
-- 1970 by the clock of this machine; or it is @FILE, which will say that: it is written
-- when FILE.ready is there for all, so that nobody has to guess how long starting takes.
local ours = {
  place = 1,     -- this share
  places = 1,    -- how many there are
  before = 0,    -- virtual users of those before it
  users = USERS, -- its own
  go = 0,        -- when they begin, by now(); 0: as soon as they can
  preparing = 0, -- µs that they may take for a setup of their own before that
  -- asked: TASKBENCH_GO as a number
  -- told_by: the file that will say it
  -- shared: TASKBENCH_SHARE is set
  -- wall: how far the clock of the day is ahead of now()
}

-- Ends the run without a result: behind an error wrk would go on without the script.
function ours.refuse(...)
  io.stderr:write(SCENARIO, ".lua: ", ...)
  io.stderr:write("\n")
  os.exit(1)
end

function ours.refuse_late(microseconds, what)
  ours.refuse(string.format("%s %.3f s behind TASKBENCH_GO: choose a later one", what, microseconds / 1000000))
end

do
  -- How far the clock of the day is ahead of now(). Of a few looks, the one that took
  -- the shortest.
  local function find_wall_clock()
    local least = math.huge
    for _ = 1, 5 do
      local before = now()
      local unix = unix_us()
      local took = now() - before
      if took < least then least, ours.wall = took, unix - before - took / 2 end
    end
  end

  -- Main state: does not go on until so long before virtual users begin. Who comes
  -- when the others have begun is none of them.
  function ours.hold(before)
    if not ours.wall then find_wall_clock() end
    if not ours.asked then return end
    ours.go = ours.asked - ours.wall
    local left = ours.go - now()
    if left < 0 then ours.refuse_late(-left, "this process was ready to begin") end
    while left > before do
      sleep(math.min(left - before + 1, 100000))
      left = ours.go - now()
    end
  end

  -- Main state: says that this process is ready, and waits until it is told when all
  -- begin. Whoever started it knows how long to be patient.
  function ours.await(waiting)
    if not ours.told_by then return end
    local ready = io.open(ours.told_by .. ".ready", "w")
    if not ready then ours.refuse("cannot write ", ours.told_by, ".ready, which says that this process is ready") end
    ready:close()
    repeat
      sleep(2000)
      waiting()
      local file = io.open(ours.told_by)
      local line = file and file:read("*a") or ""
      if file then file:close() end
      local said = match(line, "^(%d+)\n")
      ours.asked = said and tonumber(said)
    until ours.asked
    if ours.asked == 0 then ours.refuse("it was not told when to begin: the run was given up") end
  end

  local DAY = 86400000000

  local function read_share(said)
    local place, places = match(said, "^([1-9]%d*)/([1-9]%d*)$")
    place, places = tonumber(place), tonumber(places)
    if not place or place > places then
      ours.refuse('TASKBENCH_SHARE is "', said, '", not a share like 2/3, the second of three')
    elseif places > USERS then
      ours.refuse("TASKBENCH_SHARE is ", said, ", of ", USERS, " virtual users: some shares would have none")
    elseif places > 1 and (os.getenv("TASKBENCH_RUN") or "") == "" then
      ours.refuse("TASKBENCH_SHARE is ", said, ", and TASKBENCH_RUN is not set: all shares of a run need the same one")
    end
    ours.shared, ours.place, ours.places = true, place, places
    ours.before = math.floor(USERS * (place - 1) / places)
    ours.users = math.floor(USERS * place / places) - ours.before
  end

  local function read_go(said)
    ours.told_by = match(said, "^@(.+)$")
    if ours.told_by then return end
    ours.asked = match(said, "^[1-9]%d*$") and tonumber(said)
    if not ours.asked or math.abs(ours.asked - unix_us()) > DAY then
      ours.refuse('TASKBENCH_GO is "', said, '", not a moment of today in microseconds since 1970, like ', string.format("%.0f", unix_us()))
    end
  end

  local share, go = os.getenv("TASKBENCH_SHARE"), os.getenv("TASKBENCH_GO")
  if share and share ~= "" then read_share(share) end
  if go and go ~= "" then read_go(go) end
end
