package order

import (
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/figure"
)

// MarginFlag is --margin, which MarginsOf reads.
func MarginFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "margin", EnvVars: []string{"TASKBENCH_MARGIN"},
		Usage: "parity of one metric means less apart than this, `METRIC=SIZE` like p99=15%; repeat for more (default: the run's, 5%)"}
}

// MarginsOf reads --margin p99=15%.
func MarginsOf(c *cli.Context) (map[*figure.Figure]float64, error) {
	margins := map[*figure.Figure]float64{}
	for _, word := range c.StringSlice("margin") {
		name, size, found := strings.Cut(word, "=")
		if !found {
			return nil, console.BadFlag("--margin %s: write it like --margin p99=15%%", word)
		}
		metric, known := figure.Named(name)
		if !known {
			return nil, console.Usagef(name, figure.Names(), "--margin %s: no metric is called %q", word, name)
		}
		v, err := Fraction("margin", size)
		if err != nil {
			return nil, err
		}
		margins[metric] = v
	}
	return margins, nil
}

// Fraction reads "5%" or "0.05".
func Fraction(flag, text string) (float64, error) {
	number, isPercent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if isPercent {
		v /= 100
	}
	if err != nil || !(v > 0 && v < 1) {
		return 0, console.BadFlag("--%s %s: write a size above 0 and below 100%% like 5%% or 0.05", flag, text)
	}
	return v, nil
}
