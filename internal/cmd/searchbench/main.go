// Searchbench holds `taskbench capacity` against real servers with known ceilings:
// reference servers that serve one request after the other at exactly a rate, by the
// clock. It prints how near each search came, and exits with 1 where a bar is missed.
//
//	go run ./internal/cmd/searchbench -n 20 -pairs 3
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"taskbench/compare/capacity"
	"taskbench/compare/stats"
	"taskbench/internal/cli"
	"taskbench/internal/cli/console"
	"taskbench/internal/cmd/lab"
)

const (
	ceiling = 2000.0 // per second
	faster  = 1.10   // the candidate's, of the baseline's

	nearEnough = 0.02
	leastNear  = 0.95 // of all searches, that come so near
	leastIn    = 0.90 // whose interval holds the ceiling
	mostTime   = 5 * time.Minute
)

func main() {
	if len(os.Args) > 1 && (os.Args[1] == "serve" || os.Args[1] == "capacity") {
		os.Exit(cli.Run(context.Background(), console.System())) // its own server, and its own taskbench
	}
	n := flag.Int("n", 20, "searches of one server")
	pairs := flag.Int("pairs", 3, "searches of two servers 10 % apart")
	flag.Parse()
	b, err := newBench()
	if err == nil {
		defer os.RemoveAll(b.dir)
		err = b.run(*n, *pairs)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type bench struct{ self, dir string }

func newBench() (*bench, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "searchbench-")
	return &bench{self, dir}, err
}

func (b *bench) run(n, pairs int) error {
	fmt.Printf("one server with a ceiling of %.0f/s, load average %s\n", ceiling, loadAverage())
	near, in := 0, 0
	for i := range n {
		c, took, err := b.search(i, ceiling)
		if err != nil {
			return err
		}
		s := c.Sides[0]
		off := s.Rate/ceiling - 1
		holds := s.CI.Low <= ceiling && ceiling <= s.CI.High
		near += count(math.Abs(off) <= nearEnough)
		in += count(holds)
		fmt.Printf("%3d  %7.1f/s  %+5.2f %%  [%.1f to %.1f]  holds it: %-5t  %3.0f s  load average %s\n", i+1, s.Rate, 100*off, s.CI.Low, s.CI.High, holds, took.Seconds(), loadAverage())
	}
	fmt.Printf("within %.0f %%: %d of %d; interval holds it: %d of %d\n", 100*nearEnough, near, n, in, n)
	apart, slow := 0, 0
	for i := range pairs {
		c, took, err := b.search(n+i, ceiling, faster*ceiling)
		if err != nil {
			return err
		}
		if j := c.Sides[1].Against; j != nil {
			apart += count(j.Verdict == stats.Faster)
			fmt.Printf("%3d  ratio %.3f [%.3f to %.3f]  %-12s  %3.0f s  load average %s\n", i+1, j.Ratio, j.CI.Low, j.CI.High, j.Verdict, took.Seconds(), loadAverage())
		}
		slow += count(took > mostTime)
	}
	fmt.Printf("10 %% apart, told apart: %d of %d; in more than %v: %d\n", apart, pairs, mostTime, slow)
	if float64(near) < leastNear*float64(n) || float64(in) < leastIn*float64(n) || apart < pairs || slow > 0 {
		return fmt.Errorf("missed: %.0f %% within %.0f %%, %.0f %% of the intervals, all told apart within %v", 100*leastNear, 100*nearEnough, 100*leastIn, mostTime)
	}
	return nil
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// search runs taskbench on servers with ceilings, as a user would.
func (b *bench) search(seed int, ceilings ...float64) (*capacity.Comparison, time.Duration, error) {
	folder := filepath.Join(b.dir, strconv.Itoa(seed))
	config := "targets:\n"
	for i, rate := range ceilings {
		address, err := lab.FreeAddress()
		if err != nil {
			return nil, 0, err
		}
		config += fmt.Sprintf("  s%d: {url: \"http://%s\", start: \"%s serve --addr %s --capacity %g/s\", ready: /health}\n", i, address, b.self, address, rate)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, 0, err
	}
	if err := os.WriteFile(filepath.Join(folder, "taskbench.yaml"), []byte(config), 0o644); err != nil {
		return nil, 0, err
	}
	began := time.Now()
	cmd := exec.Command(b.self, "capacity", "health", "--seed", strconv.Itoa(seed), "--format", "json")
	cmd.Dir = folder
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, 0, fmt.Errorf("%w\n%s", err, said.String())
	}
	var c capacity.Comparison
	if err := json.Unmarshal(out, &c); err != nil {
		return nil, 0, err
	}
	return &c, time.Since(began), nil
}

// loadAverage is how busy the machine is, with others' work too; "unknown" where it
// does not tell.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); err == nil && len(fields) > 0 {
		return fields[0]
	}
	return "unknown"
}
