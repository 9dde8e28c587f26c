package order

import (
	"slices"

	"github.com/urfave/cli/v2"

	"taskbench/internal/arrivals"
	"taskbench/internal/cli/console"
)

// RateFlag is --rate.
func RateFlag() cli.Flag {
	return &cli.StringFlag{Name: "rate", EnvVars: []string{"TASKBENCH_RATE"}, Usage: "begin iterations on a schedule, whatever comes back, `N/s` such as 2000/s; none: in closed loops (default: the scenario's; docs/rate.md)"}
}

// Arrivals are the words that --arrival takes.
var Arrivals = []string{string(arrivals.Constant), string(arrivals.Poisson)}

// ArrivalFlag is --arrival.
func ArrivalFlag() cli.Flag {
	return &cli.StringFlag{Name: "arrival", EnvVars: []string{"TASKBENCH_ARRIVAL"}, Usage: "how a rate's iterations follow each other: constant or poisson (default: the scenario's, else constant)"}
}

// RateOf reads --rate and --arrival; nil and "" where they are not given.
func RateOf(c *cli.Context) (*float64, arrivals.Arrival, error) {
	way := arrivals.Arrival(c.String("arrival"))
	if way != "" && !slices.Contains(arrivals.All, way) {
		return nil, "", console.BadFlag("--arrival %s: constant or poisson", way)
	}
	if !c.IsSet("rate") {
		return nil, way, nil
	}
	rate, err := arrivals.ParseFlag(c.String("rate"))
	if err != nil {
		return nil, "", console.BadFlag("--rate: %w", err)
	}
	return &rate, way, nil
}
