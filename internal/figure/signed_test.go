package figure

import (
	"regexp"
	"testing"

	"taskbench/compare/stats"
)

// A change is what a reader gets who divides the two figures.
func TestChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ratio, low, high float64
		change, spread   string
	}{
		{5.84 / 20.6, 0.27, 0.30, "−72 %", "70 to 73 %"},
		{0.92, 0.90, 0.95, "−8 %", "5 to 10 %"},
		{0.9234, 0.921, 0.926, "−7.7 %", "7.4 to 7.9 %"},
		{1.12, 1.07, 1.16, "+12 %", "7 to 16 %"},
		{1.001, 0.97, 1.03, "0 %", "−3 to +3 %"},
		{3.498, 3.1, 3.9, "3.5 times", "3.1 to 3.9 times"},
		{349.8, 200, 1000, "350 times", "200 to 1,000 times"},
		{4.498e9, 1, 2e10, "4,500,000,000 times", "1.0 to 20,000,000,000 times"},
		{0.0001, 0.00009, 0.00011, "−99.99 %", "100 to 100 %"},
		{1.97, 0, 0, "2.0 times", ""},
		{0.995, 0, 0, "−0.5 %", ""},
	} {
		ci := stats.Interval{Low: c.low, High: c.high}
		if got := Change(c.ratio, ci); got != c.change {
			t.Errorf("%v is a change of %q, want %q", c.ratio, got, c.change)
		}
		if got := Spread(ci); ci.Known() && got != c.spread {
			t.Errorf("%v spreads %q, want %q", ci, got, c.spread)
		}
	}
	for want, ci := range map[string]stats.Interval{
		"−9 to −5 %": {Low: 0.91, High: 0.95}, "−26 to −2 %": {Low: 0.74, High: 0.98}, "+2 to +25 %": {Low: 1.02, High: 1.25},
		"−5 % to 2.1 times": {Low: 0.95, High: 2.1}, "1.1 to 2.1 times": {Low: 1.1, High: 2.1},
	} {
		if got := Signed(ci); got != want {
			t.Errorf("%v with its signs is %q, want %q", ci, got, want)
		}
	}
	for _, c := range []struct {
		ratio float64
		want  string
	}{{1.10, "+10 %"}, {1 / 1.10, "−9.1 %"}, {1.05, "+5 %"}, {1 / 1.05, "−4.8 %"}, {1.125, "+12.5 %"}, {2, "2.0 times"}, {1, "0 %"}} {
		if got := Limit(c.ratio); got != c.want {
			t.Errorf("a limit of %v is %q, want %q", c.ratio, got, c.want)
		}
	}
}

// No ratio that a float can hold is printed with an exponent.
func FuzzChange(f *testing.F) {
	f.Add(0.5, 0.2, 0.9)
	f.Add(1e300, 1e-300, 1e300)
	exponent := regexp.MustCompile(`[0-9]e[+-]`)
	f.Fuzz(func(t *testing.T, ratio, low, high float64) {
		if !(low > 0) || !(ratio >= low) || !(high >= ratio) {
			return
		}
		ci := stats.Interval{Low: low, High: high}
		for _, text := range []string{Change(ratio, ci), Spread(ci), Signed(ci), Limit(ratio)} {
			if exponent.MatchString(text) || text == "" {
				t.Errorf("%v [%v–%v] is %q", ratio, low, high, text)
			}
		}
	})
}

func TestColumn(t *testing.T) {
	t.Parallel()
	one, two, three := 1510.0, 18_200.0, 302.4
	texts, unit := Time.Column([]*float64{&one, nil, &two, &three})
	if unit != "ms" || texts[0] != "1.51" || texts[1] != None || texts[2] != "18.2" || texts[3] != "0.30" {
		t.Errorf("%q in %q", texts, unit)
	}
	if texts, unit := Fraction.Column([]*float64{&three}); unit != "" || texts[0] == "" {
		t.Errorf("%q in %q", texts, unit)
	}
}
