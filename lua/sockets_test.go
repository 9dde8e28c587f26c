package lua

import (
	"fmt"
	"strings"
	"testing"
)

// fakeSockets stands for the system: connections with an age of what they last
// sent and received, in ms, and when an answer comes. Nothing takes time but poll.
const fakeSockets = `
local clock, connections = 0, {}
local jit, delay, records = { os = "Linux" }, nil, {}
local function now() return clock * 1000 end
local ffi = { cdef = function() end, C = {} }
function ffi.new(_, count)
  local made = {}
  for i = 0, (count or 0) - 1 do made[i] = { happened = 0 } end
  return made
end
function ffi.C.getsockopt(fd, _, _, info, length)
  local c = connections[fd - 2]
  if not c then return -1 end
  length[0] = 128
  info[0], info[11], info[13] = c.state or 1, c.sent, c.received
  return 0
end
function ffi.C.poll(polls, count, patience)
  local first = clock + patience
  for i = 0, count - 1 do first = math.min(first, math.max(clock, connections[polls[i].fd - 2].answer or math.huge)) end
  clock = first
  local found = 0
  for i = 0, count - 1 do
    if (connections[polls[i].fd - 2].answer or math.huge) <= clock then polls[i].happened, found = 1, found + 1 end
  end
  return found
end
`

// TestSilentConnections: which requests are taken for unanswered when wrk has stopped.
func TestSilentConnections(t *testing.T) {
	const timeout = 10000 // ms
	for name, c := range map[string]struct {
		connections   []string
		open, certain int
		want          string // unanswered, and the ms that were waited
	}{
		"answered in time":         {[]string{"sent=100, received=200, answer=50"}, 1, 1, "0 50"},
		"answers that nobody took": {[]string{"sent=900, received=300, answer=0", "sent=900, received=700, answer=0"}, 2, 2, "0 0"},
		"hangs":                    {[]string{"sent=4000, received=4100", "sent=100, received=110, answer=3"}, 2, 2, "1 6000"},
		"half an answer":           {[]string{"sent=4000, received=3900", "sent=100, received=110, answer=3"}, 2, 2, "1 6000"},
		"cannot tell which was last, all are open":             {[]string{"sent=100, received=100", "sent=100, received=110, answer=3"}, 2, 2, "1 9900"},
		"cannot tell which was last, others are open":          {[]string{"sent=100, received=100", "sent=100, received=110, answer=3"}, 1, 1, "0 3"},
		"cannot tell which was last, or whether they are open": {[]string{"sent=100, received=100", "sent=100, received=110, answer=3"}, 2, 0, "0 3"},
		"a thread was put aside for long":                      {[]string{"sent=2600, received=700", "sent=900, received=1000, answer=8800"}, 1, 1, "0 8800"},
		"a connection that is being made":                      {[]string{"state=2, sent=0, received=0, answer=20", "sent=9990, received=9995"}, 1, 1, "1 20"},
	} {
		t.Run(name, func(t *testing.T) {
			chunk := fmt.Sprintf("%s\nlocal ours, TIMEOUT = { users = %d }, %d\nconnections = {{%s}}\n%s\nreturn silent_connections(%d, %d) .. ' ' .. clock",
				fakeSockets, len(c.connections), timeout*1000, strings.Join(c.connections, "}, {"), part1(t, "sockets"), c.open, c.certain)
			if got := evaluate(t, chunk)[0]; got != c.want {
				t.Errorf("unanswered and waited %s, want %s", got, c.want)
			}
		})
	}
}
