// Command hostbench measures what one generator can send: the CPU time and memory
// that wrk, several wrk that share the virtual users, and k6 take for the same
// scenario. From that follows when one machine is too small to send a load.
//
//	go run ./internal/cmd/hostbench
//
// The server is the reference server; nothing is said of it. CPU time is what a busy
// machine moves least; ways are interleaved, and medians printed.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/olekukonko/tablewriter"

	"taskbench/internal/cmd/lab"
	"taskbench/scenarios"
)

func main() {
	lab.Serve() // this program is its own server under test
	repeats := flag.Int("repeats", 3, "of every cell, interleaved")
	duration := flag.Duration("duration", 6*time.Second, "of the long window of two; the short one is a second")
	processes := flag.Int("processes", 2, "that share the virtual users")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *repeats, *processes, *duration); err != nil {
		fmt.Fprintln(os.Stderr, "hostbench:", err)
		os.Exit(1)
	}
}

// cell is a scenario with so many virtual users.
type cell struct {
	scenario string
	users    int
}

// The scenarios set nothing up: that is another load, which a script by itself cannot
// foresee the end of. One is the least that a script can do; the other has what flows
// have: a body that is made anew, judged answers, a value taken from one.
const (
	request = `
name: request
request: {name: health, request: GET /health}
`
	flow = `
name: flow
flow:
  - name: first
    request: GET /health
    expect: {status: 200, json: {status: exists}}
    capture: {state: status}
  - name: second
    request: GET /health?state=${state}&by=${vu}-${iteration}
    headers: {Authorization: "Bearer ${state}", X-Request-Id: "${uuid}"}
    expect: {status: 200, json: {status: healthy}}
`
)

var cells = []cell{{request, 50}, {flow, 50}, {flow, 500}}

// cost is what a load took, at the generator.
type cost struct {
	eachUS float64 // CPU time for each further request, in µs
	perS   float64 // answers per second that it came to here
	userKB float64 // resident memory for each virtual user, in KiB, the program itself with it; 0: of several processes
}

func run(ctx context.Context, repeats, processes int, d time.Duration) error {
	ways, end, err := newWays(ctx, processes)
	if err != nil {
		return err
	}
	defer end()
	url, stop, err := startServer(ctx)
	if err != nil {
		return err
	}
	defer stop()
	table := tablewriter.NewWriter(os.Stdout)
	table.Header("scenario", "virtual users", "way", "CPU per request", "one core can send", "came to here", "memory of a user")
	for _, c := range cells {
		scenario, err := scenarios.OfText("hostbench", []byte(c.scenario))
		if err != nil {
			return err
		}
		costs := make([][]cost, len(ways))
		for range repeats {
			for i, way := range ways {
				got, err := way.measure(ctx, scenario, c.users, url, d)
				if err != nil {
					return fmt.Errorf("%s, %d virtual users, %s: %w", scenario.Name, c.users, way.name, err)
				}
				costs[i] = append(costs[i], got)
			}
		}
		for i, way := range ways {
			m := middle(costs[i])
			_ = table.Append(scenario.Name, c.users, way.name, fmt.Sprintf("%.1f µs", m.eachUS), fmt.Sprintf("%.0f/s", 1e6/m.eachUS), fmt.Sprintf("%.0f/s", m.perS), kibibytes(m.userKB))
		}
	}
	return table.Render()
}

// middle is the median of each figure.
func middle(costs []cost) cost {
	of := func(part func(cost) float64) float64 {
		var values []float64
		for _, c := range costs {
			values = append(values, part(c))
		}
		slices.Sort(values)
		return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
	}
	return cost{
		of(func(c cost) float64 { return c.eachUS }), of(func(c cost) float64 { return c.perS }), of(func(c cost) float64 { return c.userKB }),
	}
}

func kibibytes(n float64) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f KiB", n)
}
