//go:build linux

// Command luabench measures what generated scripts cost: wrk with a script
// against bare wrk with as many threads, on the same kind of request, server
// and generator pinned to one core each, in interleaved rounds. It prints
// medians of the ratios within a round, and instructions per request by
// callgrind, which are the same run after run.
//
// It judges lua/'s output only; it never measures a real server.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 7, "interleaved rounds")
	duration := flag.Duration("duration", 2*time.Second, "of one run")
	port := flag.Int("serve", 0, "serve on this port (used by the benchmark itself)")
	callgrind := flag.Bool("callgrind", true, "count instructions too, where valgrind is installed")
	flag.Parse()
	err := error(nil)
	if *port != 0 {
		err = serve(*port)
	} else {
		err = run(*rounds, *duration, *callgrind)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "luabench:", err)
		os.Exit(1)
	}
}

// line is a bench with what was measured, round by round.
type line struct {
	bench
	script  string
	turns   string // the script in slots, of a bench that is
	seconds int
	ratios  []float64 // throughput over that of bare wrk in the same round, or of the script without slots
	costs   []float64 // CPU time per request over the same
	counted float64   // instructions per request
}

func run(rounds int, d time.Duration, callgrind bool) error {
	dir, err := os.MkdirTemp("", "luabench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	url, stop, err := startServer()
	if err != nil {
		return err
	}
	defer stop()
	lines, err := prepare(dir, url, d)
	if err != nil {
		return err
	}
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "\rround %d of %d ", round+1, rounds)
		if err := measure(lines, url, d); err != nil {
			return err
		}
	}
	if _, err := exec.LookPath("valgrind"); err == nil && callgrind {
		if err := count(lines, dir, url); err != nil {
			return err
		}
	}
	fmt.Fprint(os.Stderr, "\r                    \r")
	table(lines)
	return nil
}

func prepare(dir, url string, d time.Duration) ([]*line, error) {
	var lines []*line
	for i, b := range benches() {
		l := &line{bench: b, script: filepath.Join(dir, fmt.Sprintf("%d.lua", i))}
		source, command, err := b.generate(url, d, 0)
		if err != nil {
			return nil, err
		}
		l.seconds = command.Seconds
		if err := os.WriteFile(l.script, source, 0o600); err != nil {
			return nil, err
		}
		if b.inSlots {
			if err := l.prepareTurns(url, d); err != nil {
				return nil, err
			}
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// measure runs every script once, right after bare wrk.
func measure(lines []*line, url string, d time.Duration) error {
	pin := []string{"taskset", "-c", "1"}
	for _, l := range lines {
		bare, with, err := l.run(pin, url, d)
		if err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
		l.ratios = append(l.ratios, with.throughput/bare.throughput)
		l.costs = append(l.costs, with.cpuMicros/bare.cpuMicros)
	}
	return nil
}

// attempts is how often slots may go by while the machine is busy with others.
const attempts = 3

// run measures a bench right after what it is held against.
func (l *line) run(pin []string, url string, d time.Duration) (against, with figures, err error) {
	script, seconds := "", int(d.Seconds())
	if l.inSlots {
		script, seconds = l.script, l.seconds
	}
	if against, _, err = runWrk(pin, script, url, l.connections, seconds); err != nil {
		return against, with, err
	}
	if l.inSlots {
		for range attempts {
			if with, err = l.runTurns(pin, url, d); err == nil {
				break
			}
		}
		return against, with, err
	}
	with, _, err = runWrk(pin, l.script, url, l.connections, l.seconds)
	return against, with, err
}

func count(lines []*line, dir, url string) error {
	for _, l := range lines {
		if l.inSlots {
			continue // callgrind makes everything fifty times slower, slots with it
		}
		fmt.Fprintf(os.Stderr, "\rcallgrind: %-30s", l.name)
		n, err := instructions(&l.bench, dir, url)
		if err != nil {
			return err
		}
		l.counted = n
	}
	return nil
}

func table(lines []*line) {
	fmt.Printf("%-32s %5s  %10s %8s  %10s  %12s\n", "script", "-t=-c", "throughput", "expected", "CPU time", "instructions")
	fmt.Printf("%-32s %5s  %10s %8s  %10s  %12s\n", "", "", "/ bare", "", "/ bare", "a request")
	defer fmt.Println("slots: over the same script without slots, while it is their turn")
	for _, l := range lines {
		mark := "✓"
		if median(l.ratios) < l.bar || l.bench.instructions > 0 && l.counted > l.bench.instructions {
			mark = "✗"
		}
		fmt.Printf("%-32s %5d  %10.3f %8s  %10.2f  %12.0f %s\n", l.name, l.connections, median(l.ratios),
			fmt.Sprintf("≥ %.2f", l.bar), median(l.costs), l.counted, mark)
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// startServer runs this program's server pinned to the first core.
func startServer() (url string, stop func(), err error) {
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	address := "127.0.0.1:" + strconv.Itoa(port)
	server := exec.Command("taskset", "-c", "0", self, "-serve", strconv.Itoa(port))
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}
	for range 100 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return "http://" + address, stop, nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	return "", nil, fmt.Errorf("the server did not start on %s", address)
}
