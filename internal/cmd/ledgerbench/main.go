// Command ledgerbench asks of ledgers what is known: small servers whose answers
// cost more by a known amount, in a known function, in one step. It says how often
// the ledger states the step, and why names the function, and how far the size is off;
// and whether anything is stated of servers that are the same.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"taskbench/internal/ledger"
	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/scenarios"
)

func main() {
	variants := flag.Int("variants", 20, "servers with something added")
	same := flag.Int("same", 20, "pairs of the same server")
	six := flag.Bool("six", true, "time a ledger of six steps")
	recordings := flag.Int("recordings", 3, "recordings of each target")
	seed := flag.Uint64("seed", 1, "of what is added where")
	source := flag.String("server", "testdata/ledger/server.c", "the small server")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *source, plan{*variants, *same, *six}, *recordings, *seed); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// plan is how much of each part is done.
type plan struct {
	variants, same int
	six            bool
}

func run(ctx context.Context, source string, p plan, recordings int, seed uint64) error {
	dir, err := os.MkdirTemp("", "ledgerbench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &experiment{dir: dir, recordings: recordings, draw: rand.New(rand.NewPCG(seed, seed))}
	if err := b.build(ctx, source); err != nil {
		return err
	}
	if b.valgrind, err = ledger.Find(ctx); err != nil {
		return err
	}
	if b.scenario, err = flow("create", "list", "update"); err != nil {
		return err
	}
	met, err := b.variants(ctx, p.variants)
	if err == nil {
		err = b.same(ctx, p.same)
	}
	if err == nil && p.six {
		err = b.six(ctx)
	}
	if err == nil && !met {
		err = errors.New("the bar is missed: every step, at least 19 of 20 functions, sizes within 10 %")
	}
	return err
}

// experiment is one run of the program.
type experiment struct {
	dir, program string
	recordings   int
	draw         *rand.Rand
	valgrind     ledger.Valgrind
	scenario     *scenarios.Scenario
}

func (b *experiment) build(ctx context.Context, source string) error {
	b.program = filepath.Join(b.dir, "server")
	out, err := exec.CommandContext(ctx, "cc", "-O1", "-g", "-o", b.program, source).CombinedOutput()
	if err != nil {
		return fmt.Errorf("cc %s: %w\n%s", source, err, out)
	}
	return nil
}

// flow is a scenario of so many steps, told apart by their first letters.
func flow(steps ...string) (*scenarios.Scenario, error) {
	text := "name: known\nflow:\n"
	for _, s := range steps {
		text += fmt.Sprintf("  - {name: %s, request: GET /%s, expect: {status: 200}}\n", s, s)
	}
	return scenarios.OfText("known", []byte(text))
}

func (b *experiment) target(name string, extra ...string) (server.Spec, error) {
	port, err := freePort()
	return server.Spec{Name: name, URL: fmt.Sprintf("http://127.0.0.1:%d", port), Start: fmt.Sprintf("%s %d %s", b.program, port, strings.Join(extra, " "))}, err
}

// variants adds known costs, and counts what of them is found.
func (b *experiment) variants(ctx context.Context, n int) (met bool, err error) {
	steps, functions, within := 0, 0, 0
	for i := range n {
		v := b.variant(i)
		f, err := b.find(ctx, v)
		if err != nil {
			return false, err
		}
		steps, functions, within = steps+one(f.step), functions+one(f.function), within+one(f.off <= 0.1)
		fmt.Printf("%2d  %-28s step %-5v function first %-5v size off by %4.1f %%\n", i+1, v, f.step, f.function, 100*f.off)
	}
	fmt.Printf("of %d variants: right step %d, right function first %d, size within 10 %% %d\n", n, steps, functions, within)
	return steps == n && functions*20 >= 19*n && within == n, nil
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// same holds a server against itself.
func (b *experiment) same(ctx context.Context, n int) error {
	stated := 0
	for i := range n {
		docs, err := b.count(ctx, b.scenario, "")
		if err != nil {
			return err
		}
		k, err := statements(docs)
		if err != nil {
			return err
		}
		stated += one(k > 0)
		fmt.Printf("%2d  the same server twice: %d differences stated\n", i+1, k)
	}
	fmt.Printf("of %d pairs of the same server: differences stated in %d\n", n, stated)
	if stated > 0 {
		return errors.New("the bar is missed: nothing is to be stated of servers that are the same")
	}
	return nil
}

// six is how long a usual ledger takes: five recordings of two targets, six steps.
func (b *experiment) six(ctx context.Context) error {
	s, err := flow("a", "b", "c", "d", "e", "f")
	if err != nil {
		return err
	}
	b.recordings = 5
	began := time.Now()
	if _, err := b.count(ctx, s, ""); err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Printf("five recordings of two targets in six steps: %.0f s; the machine's load average was %s\n", took.Seconds(), loadAverage())
	return nil
}

func loadAverage() string {
	return fmt.Sprintf("%.1f on %d cores", machine.Describe().LoadBefore, len(machine.CPUs()))
}
