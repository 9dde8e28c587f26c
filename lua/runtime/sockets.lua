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
  local SETTLED = 500 -- ms: threads hardly ever go on for as long after wrk has told them to stop

  -- How many milliseconds a connection has waited for its answer; false when it
  -- does not wait, nil when this is no connection. One that received after it sent has its answer, unless that
  -- was long ago (an answer that stopped halfway) or it should have sent again
  -- long ago (an answer that comes byte by byte). Who thinks is quiet for long.
  -- The system's clock has steps of some milliseconds: it may not tell which
  -- was last, and then the second value is true. The third is what happens next
  -- to one that is not established, and is no answer.
  -- Who thinks may be quiet; so may they between slots, but then it is known how many wait.
  local pauses = delay and (not place or THINKS)
  local info, length = ffi.new("uint32_t[64]"), ffi.new("uint32_t[1]")

  local function waited(fd)
    length[0] = 256
    if ffi.C.getsockopt(fd, TCP, TCP_INFO, info, length) ~= 0 then return nil end
    local state, sent, received = info[0] % 256, info[11], info[13]
    if state == CONNECTING then return 0, false, ANY_EVENT end
    if state ~= ESTABLISHED then return 0, false, CAN_READ end
    if length[0] >= 160 and info[39] == 0 then return false end -- new, and nothing sent
    local overdue = sent > SETTLED and (received > SETTLED or sent > TIMEOUT / 1000)
    local since = received > sent or not pauses and overdue
    return (since or received == sent) and sent, not since
  end

  -- Connections that may wait, and those that seem not to. Where a request is
  -- certainly open on every connection, the doubtful ones wait, too.
  local function who_waits(certain)
    local waiting, unsure, idle, connections = {}, {}, {}, 0
    for fd = 3, ours.users + 4 * #records + 64 do
      local since, doubtful, other = waited(fd)
      if since ~= nil then
        local into = since and (doubtful and unsure or waiting) or idle
        into[#into + 1] = { fd = fd, since = since, events = other or CAN_READ, established = not other }
        connections = connections + 1
      end
    end
    local rest = connections <= certain and waiting or idle
    for i = 1, #unsure do rest[#rest + 1] = unsure[i] end
    return waiting, idle
  end

  -- Waits until something happens on one of them, at most that many
  -- milliseconds; gives those on which nothing did, how many answers came, and
  -- whether the user has ended the wait. What happens to a connection that is not
  -- established is no answer.
  local function watch(list, patience)
    local polls, rest, answers = ffi.new("taskbench_poll[?]", #list), {}, 0
    for i = 1, #list do
      polls[i - 1].fd, polls[i - 1].events = list[i].fd, list[i].events
    end
    local found = ffi.C.poll(polls, #list, math.max(0, math.ceil(patience)))
    for i = 1, #list do
      if polls[i - 1].happened == 0 then
        rest[#rest + 1] = list[i]
      elseif list[i].established then
        answers = answers + 1
      end
    end
    return rest, answers, found < 0
  end

  -- Takes out those that are out of time; gives the rest, how many they were, and
  -- when the next one is, in milliseconds.
  local function expire(list, patience)
    local rest, first = {}, math.huge
    for i = 1, #list do
      local left = patience - list[i].since
      if left > 0 then
        rest[#rest + 1], first = list[i], math.min(first, left)
      end
    end
    return rest, #list - #rest, first
  end

  -- Of the requests that may be open when wrk stops, how many are not answered
  -- within the timeout. All are waited for: an answer in time is no error, and is
  -- not counted either. That many are certainly open. Each answer that is there
  -- or comes leaves one fewer, whatever connections look like: a thread that got
  -- no CPU time leaves quiet ones, too.
  function silent_connections(open, certain)
    if not jit or jit.os ~= "Linux" or open == 0 then return 0 end
    local begun, silent = now(), 0
    local list, idle = who_waits(certain)
    local _, answers, ended = watch(idle, 0)
    open = open - answers
    while #list > 0 and open > 0 and not ended do
      local gone, first
      list, gone, first = expire(list, TIMEOUT / 1000 - (now() - begun) / 1000)
      silent = silent + gone
      if #list > 0 then
        list, answers, ended = watch(list, first)
        open = open - answers
      end
    end
    return math.max(0, math.min(open, silent))
  end
end
