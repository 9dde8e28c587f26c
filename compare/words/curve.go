package words

import (
	"fmt"
	"slices"

	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// curve is one target's course, with its lowest and highest value in words.
func curve(label string, values []float64, unit figure.Unit) page.Curve {
	c := page.Curve{Label: label, Values: values}
	if len(values) > 0 {
		low, high := slices.Min(values), slices.Max(values)
		ends := unit.Texts([]*float64{&low, &high})
		c.Range = ends[0] + " to " + ends[1]
	}
	return c
}

// loadTitle is "memory: projects, closed, 50 users, 10s".
func loadTitle(what, scenario string, load results.Load) page.Heading {
	return titled(what, fmt.Sprintf("%s, %s, %gs", scenario, load.Model(), load.DurationS))
}

// titled is a heading of a kind of page.
func titled(what, of string) page.Heading { return page.Heading{Text: what + ": " + of, Of: of} }
