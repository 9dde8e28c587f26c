package figure

import (
	"fmt"
	"math"
	"strconv"
)

// Change prints a change of a figure with the given middle value: as a part
// of it, unless the figure is a number of things or a fraction itself.
func (f *Figure) Change(change, middle float64) string {
	switch {
	case f.Unit.Name == Fraction.Name:
		return strconv.FormatFloat(100*change, 'f', 1, 64) + " pp"
	case f.Unit.Name == Things.Name:
		return Fixed(change, 1)
	case middle > 0:
		return Percent(change / middle)
	}
	return f.Text(change)
}

// fastest is the largest number that a change an hour may be: more is one a minute.
const fastest = 1000

// Pace prints a change an hour: of memory in bytes, of things in their number,
// of all else as a part of its middle value.
func (f *Figure) Pace(perHour, middle float64) string {
	unit := " %"
	switch {
	case f.Unit.Name == Bytes.Name:
		return PerMinute(perHour / 3600)
	case f.Unit.Name == Fraction.Name:
		perHour, unit = 100*perHour, " pp"
	case f.Unit.Name != Things.Name && middle > 0:
		perHour *= 100 / middle
	default:
		unit = ""
	}
	if math.Abs(perHour) < fastest {
		return signed(perHour) + unit + "/h"
	}
	return signed(perHour/60) + unit + "/min"
}

func signed(v float64) string {
	if v < 0 {
		return "-" + signed(-v)
	}
	return Fixed(v, Decimals(v))
}

// Length prints a length of time in the unit that suits it: "90 s", "22 min".
func Length(seconds float64) string {
	switch {
	case seconds < 120:
		return Plain(math.Round(seconds*10)/10) + " s"
	case seconds < 2*3600:
		return Plain(math.Round(seconds/6)/10) + " min"
	}
	return Plain(math.Round(seconds/360)/10) + " h"
}

// P prints a p-value.
func P(p float64) string {
	if p < 0.001 {
		return "p < .001"
	}
	return fmt.Sprintf("p = %.3f", p)
}

// PerMinute prints a rate of bytes a second as one a minute.
func PerMinute(bytesPerS float64) string {
	if bytesPerS < 0 {
		return "-" + Bytes.Print(-bytesPerS*60) + "/min"
	}
	return Bytes.Print(bytesPerS*60) + "/min"
}
