package hosts

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"taskbench/internal/source"
)

// start has all hosts begin at one moment. Each says when it is ready, which nobody
// can foresee on a busy machine; then all are told when.
type start struct {
	shares []share
	ready  []chan struct{} // by share
	once   []sync.Once
	clocks clocks // right before all were told
}

func newStart(shares []share) *start {
	b := &start{shares: shares, ready: make([]chan struct{}, len(shares)), once: make([]sync.Once, len(shares))}
	for i := range shares {
		b.ready[i] = make(chan struct{})
		shares[i].common = b
	}
	return b
}

// arrived notes that a share, by its place, is ready.
func (b *start) arrived(place int) {
	b.once[place-1].Do(func() { close(b.ready[place-1]) })
}

func (b *start) isReady(place int) bool {
	select {
	case <-b.ready[place-1]:
		return true
	default:
		return false
	}
}

// What being ready takes on a calm machine: of a process, of one on another host, and
// of each thread, which loads the script; and how often as long somebody is waited for.
const (
	startHere   = 500 * time.Millisecond
	startThere  = time.Second
	startThread = 2 * time.Millisecond
	startSlowed = 20
)

// patience is how long hosts may take until they are ready. A run may last so much
// longer than its script.
func patience(shares []share) time.Duration {
	longest, here := time.Duration(0), startHere
	for i := range shares {
		s := &shares[i]
		threads := time.Duration(s.options.Threads) * startThread
		if s.line == nil { // they start on the same cores
			here += threads
			longest = max(longest, here)
			continue
		}
		longest = max(longest, startThere+threads+4*s.clock.RoundTrip)
	}
	return startSlowed * longest
}

// lead is how long before the common moment hosts are told of it: until the last of
// them has heard it, and has made its last thread. What being ready took says how
// busy they are.
func lead(shares []share, took time.Duration) time.Duration {
	longest := time.Duration(0)
	for i := range shares {
		if s := &shares[i]; s.line != nil {
			longest = max(longest, 4*s.clock.RoundTrip)
		}
	}
	return 150*time.Millisecond + longest + min(took/2, 3*time.Second)
}

// give waits until all are ready, and tells them when to begin. An error names the
// host that is not.
func (b *start) give(ctx context.Context, wait time.Duration) error {
	began, late := time.Now(), time.NewTimer(wait)
	defer late.Stop()
	for i := range b.shares {
		select {
		case <-b.ready[i]:
		case <-ctx.Done():
			b.giveUp()
			return nil // whoever ended it says why
		case <-late.C:
			b.giveUp()
			return b.shares[i].named(source.Errorf(source.Position{}, "look at what else runs there, or use fewer virtual users", "wrk was not ready to begin after %v", wait.Round(100*time.Millisecond)))
		}
	}
	b.clocks = readClocks()
	begin := b.clocks.day.Add(lead(b.shares, time.Since(began)))
	var all sync.WaitGroup
	for i := range b.shares {
		s := &b.shares[i]
		all.Go(func() { s.tell(begin.Add(s.clock.Offset).UnixMicro()) })
	}
	all.Wait()
	return nil
}

// giveUp ends those who wait, which are deaf to signals meanwhile.
func (b *start) giveUp() {
	for i := range b.shares {
		b.shares[i].tell(0)
	}
}

// tell hands out the moment, in µs since 1970 by the host's clock. Who cannot be
// told fails otherwise, too.
func (s *share) tell(unixUS int64) {
	text := strconv.FormatInt(unixUS, 10)
	if s.line == nil {
		_ = os.WriteFile(s.goFile(), []byte(text+"\n"), 0o600)
		return
	}
	_ = s.line.tell(fmt.Sprintf(`echo %s >"$d/%s"`, text, goFile))
}

// goFile is where a process of this machine reads it.
func (s *share) goFile() string { return filepath.Join(s.folder, fmt.Sprintf("go-%d", s.place)) }

// watch looks whether a process of this machine is ready, until ctx ends.
func (s *share) watch(ctx context.Context) {
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if _, err := os.Stat(s.goFile() + ".ready"); err == nil {
				s.common.arrived(s.place)
				return
			}
		}
	}
}

// forget removes what an earlier run left.
func (s *share) forget() {
	_ = os.Remove(s.goFile())
	_ = os.Remove(s.goFile() + ".ready")
}
