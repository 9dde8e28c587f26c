package wrk

import (
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// All threads of wrk run where they are told, and this process goes on
// running where it did.
func TestPinning(t *testing.T) {
	t.Parallel()
	realWrk(t)
	var before, after unix.CPUSet
	if err := unix.SchedGetaffinity(unix.Getpid(), &before); err != nil {
		t.Fatal(err)
	}
	last := -1
	for cpu := range 1024 {
		if before.IsSet(cpu) {
			last = cpu
		}
	}
	o := oneSecond(serve(t, 200, "hello"))
	o.CPUs = []int{last}
	o.Script = writeScript(t, `local th
function setup(t) th = t end
function response() cpus = cpus or io.open('/proc/thread-self/status'):read('*a'):match('Cpus_allowed_list:%s*(%S+)') end
function done() local f = io.open(os.getenv('TASKBENCH_OUT'), 'w') f:write(th:get('cpus')) f:close() end`)
	out, err := run(t, o)
	if err != nil || string(out.Block) != strconv.Itoa(last) {
		t.Errorf("on %q, %v, want %d", out.Block, err, last)
	}
	if err := unix.SchedGetaffinity(unix.Getpid(), &after); err != nil || after != before {
		t.Errorf("%v; this process was moved from %v to %v", err, before, after)
	}
}
