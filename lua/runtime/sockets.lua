-- What the system knows of the connections when wrk has stopped and they are
-- still open: when each last sent and received. wrk itself never says which
-- ones wait. Linux only; elsewhere nobody is found waiting.
ffi.cdef([[
typedef struct { int fd; short events; short happened; } taskbench_poll;
int getsockopt(int fd, int level, int option, void *value, uint32_t *length);
int poll(taskbench_poll *of, unsigned long count, int milliseconds);
]])

local silent_connections
do
  local TCP, TCP_INFO = 6, 11
  local ESTABLISHED, CONNECTING = 1, 2 -- states; in all others the server has ended it
  local ANY_EVENT = 5                  -- can be read or written
  local CAN_READ = 1
  local SETTLED = 500 -- ms: no thread goes on for as long after wrk has told it to stop

  -- How many milliseconds a connection has waited for its answer; false when it
  -- does not wait, nil when this is no connection. One that received after it sent has its answer, unless that
  -- was long ago (an answer that stopped halfway) or it should have sent again
  -- long ago (an answer that comes byte by byte). Who thinks is quiet for long.
  -- The system's clock has steps of some milliseconds: it may not tell which
  -- was last, and then the third value is true.
  local info, length = ffi.new("uint32_t[64]"), ffi.new("uint32_t[1]")

  local function waited(fd)
    length[0] = 256
    if ffi.C.getsockopt(fd, TCP, TCP_INFO, info, length) ~= 0 then return nil end
    local state, sent, received = info[0] % 256, info[11], info[13]
    if state == CONNECTING then return 0, ANY_EVENT end
    if state ~= ESTABLISHED then return 0, CAN_READ end
    if length[0] >= 160 and info[39] == 0 then return false end -- new, and nothing sent
    local overdue = sent > SETTLED and (received > SETTLED or sent > TIMEOUT / 1000)
    local since = received > sent or not delay and overdue
    return (since or received == sent) and sent, CAN_READ, not since
  end

  -- Where a request is open on every connection, the doubtful ones wait, too.
  local function who_waits(open)
    local list, unsure, connections = {}, {}, 0
    if not jit or jit.os ~= "Linux" or open == 0 then return list end
    for fd = 3, USERS + 4 * #records + 64 do
      local since, events, doubtful = waited(fd)
      if since ~= nil then connections = connections + 1 end
      local into = doubtful and unsure or list
      if since then into[#into + 1] = { fd = fd, since = since, events = events } end
    end
    for i = 1, connections <= open and #unsure or 0 do list[#list + 1] = unsure[i] end
    return list
  end

  -- Waits until something happens on one of them, or the first runs out of time;
  -- gives those that still wait, and whether the user has ended the wait.
  local function wait_for(list, patience, elapsed)
    local polls, first = ffi.new("taskbench_poll[?]", #list), math.huge
    for i = 1, #list do
      polls[i - 1].fd, polls[i - 1].events = list[i].fd, list[i].events
      first = math.min(first, patience - elapsed - list[i].since)
    end
    local found = ffi.C.poll(polls, #list, math.max(0, math.ceil(first)))
    local rest = {}
    for i = 1, #list do
      if polls[i - 1].happened == 0 then rest[#rest + 1] = list[i] end
    end
    return rest, found < 0
  end

  -- Of the requests that are open when wrk stops, how many are not answered
  -- within the timeout. All are waited for: an answer in time is no error, and is
  -- not counted either.
  function silent_connections(open)
    local patience, begun, silent = TIMEOUT / 1000, now(), 0
    local list, ended = who_waits(open), false
    while #list > 0 and not ended do
      local elapsed, rest = (now() - begun) / 1000, {}
      for i = 1, #list do
        if list[i].since + elapsed >= patience then silent = silent + 1 else rest[#rest + 1] = list[i] end
      end
      list = rest
      if #list > 0 then list, ended = wait_for(list, patience, elapsed) end
    end
    return math.min(open, silent)
  end
end
