// Command verdictbench measures how often the verdicts of compare/stats are
// wrong: it simulates runs with known truth, puts them through the code that
// judges real runs, and prints the rates beside the bars they are held to. It
// exits 1 when a bar is missed.
//
//	go run ./internal/cmd/verdictbench -n 100000
//
// It measures no server and reads nothing but its flags; the same seed prints
// the same table.
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("verdictbench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	n := flags.Int("n", 30000, "simulated runs")
	seed := flags.Uint64("seed", 1, "of the simulation")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *n < 1 || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "verdictbench: -n takes a number of runs above 0, and nothing else is taken")
		return 2
	}
	start := time.Now()
	t := simulate(*n, *seed, runtime.GOMAXPROCS(0))
	fmt.Fprintf(stdout, "%d simulated runs, whole runs %d, seed %d, %.0f s; rates in %%, ± one standard error of the simulation\n", *n, wholeRuns(*n), *seed, time.Since(start).Seconds())
	if !t.print(stdout) {
		fmt.Fprintln(stdout, "\na bar was missed")
		return 1
	}
	fmt.Fprintln(stdout, "\nall bars met")
	return 0
}

// wholePart says how many runs of one metric are simulated for each whole run,
// which has a hundred.
const wholePart = 15

func wholeRuns(n int) int { return max(1, n/wholePart) }

// checkPart is the same for each case of the checks.
const checkPart = 5

// table is everything that is simulated.
type table struct {
	cells  []*cell
	usual  *tally
	wholes []*whole
	checks []*check
}

func newTable() *table { return &table{cells(), newTally(), wholes(), checks()} }

// print says whether all bars were met.
func (t *table) print(w io.Writer) bool {
	printCells(w, t.cells)
	t.usual.print(w)
	ok := printBars(w, t.cells)
	ok = printWholes(w, t.wholes) && ok
	return printChecks(w, t.checks) && ok
}

// simulate adds one path to all.
func (t *table) simulate(seed, path uint64) {
	r := rand.New(rand.NewPCG(seed, path))
	now, before := draw(r), draw(r)
	for _, c := range t.cells {
		c.simulate(now, before)
	}
	t.usual.simulate(now, drawBlocks(r))
	if k := path / wholePart; path%wholePart == 0 {
		for _, w := range t.wholes {
			w.simulate(r, int(k))
		}
	}
	if k := path / checkPart; path%checkPart == 0 {
		for _, c := range t.checks {
			c.simulate(r, int(k))
		}
	}
}

// add takes another worker's counts.
func (t *table) add(o *table) {
	for i, c := range o.cells {
		t.cells[i].add(c)
	}
	t.usual.add(o.usual)
	for i, w := range o.wholes {
		t.wholes[i].add(w)
	}
	for i, c := range o.checks {
		t.checks[i].cases += c.cases
		t.checks[i].yes += c.yes
	}
}

// simulate runs n paths on so many workers. Every path has its own seed, so
// the result does not depend on the number of workers.
func simulate(n int, seed uint64, workers int) *table {
	total := newTable()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			mine := newTable()
			for path := w; path < n; path += workers {
				mine.simulate(seed, uint64(path))
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(mine)
		})
	}
	wg.Wait()
	return total
}
