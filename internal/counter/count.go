package counter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"taskbench/internal/machine"
	"taskbench/parse"
)

// ShortestInterval is the least that perf accepts.
const ShortestInterval = 10 * time.Millisecond

// attempts is how often perf is attached anew when threads began meanwhile.
const attempts = 3

// Count has perf count the event in processes, in all their threads, and in
// those that they start from now on, and read its counters at an interval. It
// returns when perf counts. end ends it and gives the counts; it must be called
// exactly once.
//
// perf looks for threads first and then opens a counter for each: one that began
// in between, and all it would start, would not be counted. When there are
// others afterwards than before, perf is attached anew.
//
// An error says in one sentence why nothing will be counted.
func (p *Perf) Count(ctx context.Context, pids []int, every time.Duration) (end func() Counts, err error) {
	for range attempts {
		before := p.threads(pids)
		c, err := p.attach(ctx, pids, every)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(p.threads(pids), func(t string) bool { return !slices.Contains(before, t) }) {
			return c.end, nil
		}
		c.stop()
	}
	return nil, errors.New("the server started threads each time that perf was attached")
}

// threads lists those of processes, as far as the system tells.
func threads(pids []int) []string {
	var list []string
	for _, pid := range pids {
		tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
		if err != nil {
			continue // it has ended
		}
		for _, t := range tasks {
			list = append(list, t.Name())
		}
	}
	return list
}

// attach starts a perf and waits until it counts. It is not to outlive an error.
func (p *Perf) attach(ctx context.Context, pids []int, every time.Duration) (*count, error) {
	list := make([]string, len(pids))
	for i, pid := range pids {
		list[i] = strconv.Itoa(pid)
	}
	// Not ended with ctx: end does that, and perf then prints its last interval.
	cmd := p.command(context.WithoutCancel(ctx), max(every, ShortestInterval), "-p", strings.Join(list, ","))
	c := &count{cmd: cmd, patience: p.patience, begun: make(chan struct{}), over: make(chan struct{})}
	c.cmd.Stderr = &c.stderr
	from, err := start(c.cmd)
	if err != nil {
		return nil, err
	}
	go func() {
		c.err = follow(c.cmd, from, c.take)
		close(c.over)
	}()
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// count is a perf that counts.
type count struct {
	cmd      *exec.Cmd
	patience time.Duration
	stderr   bytes.Buffer // complete when over is closed
	once     sync.Once
	begun    chan struct{} // closed when the first count came
	over     chan struct{} // closed when perf has ended; readings and err are complete then

	readings []reading
	err      error
}

// take adds an event's count to the reading it is part of.
func (c *count) take(n parse.PerfCount) error {
	now := machine.NowUS()
	last := len(c.readings) - 1
	switch {
	case last < 0 || n.AtS > c.readings[last].atS:
		c.readings = append(c.readings, reading{atS: n.AtS, receivedUS: now})
		last++
	case n.AtS < c.readings[last].atS:
		return errors.New("perf stat's time runs backwards")
	}
	r := &c.readings[last]
	r.weighted += n.N * n.Running
	r.running += n.Running
	c.once.Do(func() { close(c.begun) })
	return nil
}

// begin waits for the first count.
func (c *count) begin(ctx context.Context) error {
	select {
	case <-c.begun:
		return nil
	case <-c.over:
		return c.why()
	case <-ctx.Done():
		c.kill()
		return ctx.Err()
	case <-time.After(c.patience):
		c.kill()
		return fmt.Errorf("perf stat did not begin within %s", c.patience)
	}
}

// end has perf print its last interval.
func (c *count) end() Counts {
	ended := c.stop() // then the readings are complete
	return Counts{Intervals: bind(c.readings), Ended: ended}
}

// stop ends perf and says why it had ended before; "" when it had not.
func (c *count) stop() string {
	select {
	case <-c.over:
		return fmt.Sprintf("perf stat ended while the server was measured: %v", c.why())
	default:
	}
	_ = c.cmd.Process.Signal(os.Interrupt) // it may have ended this moment
	select {
	case <-c.over:
	case <-time.After(c.patience):
		c.kill()
		return fmt.Sprintf("perf stat did not end within %s", c.patience)
	}
	var exit *exec.ExitError
	if c.err != nil && !errors.As(c.err, &exit) { // how it exits after an interrupt says nothing
		return c.why().Error()
	}
	return ""
}

func (c *count) kill() {
	_ = c.cmd.Process.Kill()
	<-c.over
}

// why tells what perf ended of, by itself.
func (c *count) why() error {
	if c.err == nil {
		return errors.New("the processes it looked at had ended")
	}
	return explain(c.err, c.stderr.String())
}
