package ledger

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// A server may go on when its answer is sent: connections go back to their pool,
// logs are written. Whether the next request comes before or after that is chance,
// and so would be what is counted of it.
const (
	idleFor  = 3 * time.Millisecond  // without any work: whatever it waited for would have come
	idleLook = time.Millisecond      // between two looks
	idleMost = 50 * time.Millisecond // servers with timers are never idle
	turnMost = time.Second           // that one that has work waits for a processor
)

// settle waits until processes have nothing to do, but not for long. On a busy
// machine one may have work, and no processor to do it on.
func settle(ctx context.Context, pids []int) error {
	last, waits := uint64(0), true
	for since, begun := time.Now(), time.Now(); time.Since(since) < idleFor; {
		if took := time.Since(begun); took > idleMost && !waits || took > turnMost {
			return nil
		}
		var now uint64
		if now, waits = ranFor(pids); now != last || waits {
			last, since = now, time.Now()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(idleLook):
		}
	}
	return nil
}

// ranFor is how long all threads of processes ran, in ns, and whether one of them
// runs or waits for a processor.
func ranFor(pids []int) (sum uint64, waits bool) {
	for _, pid := range pids {
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*", pid)) // the pattern is right
		for _, thread := range threads {
			text, _ := os.ReadFile(thread + "/schedstat") // of a thread that has ended, and says nothing more
			first, _, _ := bytes.Cut(text, []byte(" "))
			n, _ := strconv.ParseUint(string(first), 10, 64)
			sum += n
			text, _ = os.ReadFile(thread + "/stat")
			waits = waits || bytes.HasPrefix(text[bytes.LastIndexByte(text, ')')+1:], []byte(" R")) // behind a name that may hold anything
		}
	}
	return sum, waits
}
