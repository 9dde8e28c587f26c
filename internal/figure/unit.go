package figure

import (
	"math"
	"strings"
)

// Unit is a class of units: what a figure counts, and how its values are printed.
type Unit struct {
	Name string // in JSON and CSV: "us", "per_s", "bytes", "count", "fraction", "cores"

	scales []scale
	each   func(v float64) string // instead of scales: every value by itself
}

// scale is a unit that values are printed in.
type scale struct {
	divisor float64
	name    string
}

// The units of everything in the table.
var (
	Time         = Unit{"us", []scale{{1, "µs"}, {1e3, "ms"}, {1e6, "s"}}, nil}
	Rate         = Unit{"per_s", []scale{{1, "/s"}, {1e3, "k/s"}, {1e6, "M/s"}, {1e9, "G/s"}}, nil}
	Binary       = Unit{"bytes", []scale{{1, "B"}, {1 << 10, "KiB"}, {1 << 20, "MiB"}, {1 << 30, "GiB"}}, nil}
	Instructions = Unit{"count", []scale{{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}}, nil}
	Fraction     = Unit{"fraction", nil, Percent}
	Bytes        = Unit{"bytes", nil, bytes}
	Things       = Unit{"count", nil, whole}
	Often        = Unit{"per_s", nil, func(v float64) string { return whole(v) + "/s" }}
	Cores        = Unit{"cores", nil, func(v float64) string { return Fixed(v, 2) }}
)

// Of is the unit of a microbenchmark: nanoseconds, or whatever was counted.
func Of(name string) Unit {
	if name == "ns" {
		return Unit{name, []scale{{1e-3, "ps"}, {1, "ns"}, {1e3, "µs"}, {1e6, "ms"}, {1e9, "s"}}, nil}
	}
	return Unit{name, []scale{{1, name}, {1e3, "k" + name}, {1e6, "M" + name}, {1e9, "G" + name}}, nil}
}

// Text prints v in the unit and with the decimals that suit like.
func (u Unit) Text(v, like float64) string {
	switch {
	case v < 0:
		return "-" + u.Text(-v, math.Abs(like))
	case u.each != nil:
		return u.each(v)
	case v == 0:
		return "0"
	}
	s := u.scales[0]
	for _, next := range u.scales[1:] {
		if like >= next.divisor {
			s = next
		}
	}
	if v/s.divisor < 0.005 {
		return "<0.01 " + s.name
	}
	return strings.TrimSuffix(Fixed(v/s.divisor, Decimals(like/s.divisor))+" "+s.name, " ")
}

// Print prints one value by itself.
func (u Unit) Print(v float64) string { return u.Text(v, v) }

// Texts prints the values of one row so that the eye can compare them: in the
// same unit with as many decimals, chosen for the smallest one, unless they are
// too far apart for that. Nil is a dash.
func (u Unit) Texts(values []*float64) []string {
	low, high := span(values)
	printed := make([]string, len(values))
	for i, v := range values {
		switch {
		case v == nil:
			printed[i] = None
		case high < 20*low:
			printed[i] = u.Text(*v, low)
		default:
			printed[i] = u.Text(*v, *v)
		}
	}
	return printed
}

// span gives the smallest and the largest value that is not 0.
func span(values []*float64) (low, high float64) {
	low = math.Inf(1)
	for _, v := range values {
		if v != nil && *v > 0 {
			low, high = math.Min(low, *v), math.Max(high, *v)
		}
	}
	return low, high
}

// bytes prints a size in decimal units.
func bytes(v float64) string {
	units := []string{"B", "kB", "MB", "GB"}
	for v >= 999.5 && len(units) > 1 {
		v, units = v/1000, units[1:]
	}
	if units[0] == "B" {
		return Fixed(v, 0) + " B"
	}
	return Fixed(v, Decimals(v)) + " " + units[0]
}
