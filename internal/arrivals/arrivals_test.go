package arrivals

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]float64{
		"2000/s": 2000, "0.5/s": 0.5, " 30/min ": 0.5, "3600/h": 1, "2000 / s": 2000, "1/h": Least, "1000000/s": Most,
	} {
		if got, err := Parse(text); got != want || err != nil {
			t.Errorf("%q is %v, %v, want %v", text, got, err, want)
		}
	}
	for text, problem := range map[string]string{
		"": "not a rate", "2000": "not a rate", "fast": "not a rate", "2000/m": "not a rate", "1e3/s": "not a rate", "2,000/s": "not a rate", "١/s": "not a rate",
		"-5/s": "negative", "0/s": "sends nothing", "0": "sends nothing", "0.0/min": "sends nothing", "1000001/s": "no number of virtual users", "0.5/h": "less than one",
		"500/s -> 600/s": "not a rate",
	} {
		if got, err := Parse(text); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%q is %v, %v, want an error with %q", text, got, err, problem)
		}
	}
}

func TestParseSpan(t *testing.T) {
	for text, want := range map[string][2]float64{"500/s": {500, 500}, "0/s -> 60/min": {0, 1}, "500/s→0/s": {500, 0}, "1/s->2/s": {1, 2}} {
		if from, to, err := ParseSpan(text); from != want[0] || to != want[1] || err != nil {
			t.Errorf("%q is %v to %v, %v", text, from, to, err)
		}
	}
	for _, text := range []string{"", "->", "1/s ->", "0/s -> 0/s", "0/s", "1/s -> 2/s -> 3/s", "1/s -> -2/s"} {
		if from, to, err := ParseSpan(text); err == nil {
			t.Errorf("%q is %v to %v", text, from, to)
		}
	}
}

// TestReadsWhatItWrites: plans come back from their text, as documents keep them.
func TestReadsWhatItWrites(t *testing.T) {
	for _, p := range []Plan{
		{}, {Rate: 2000, Arrival: Constant}, {Rate: 1.0 / 60, Arrival: Poisson}, {Rate: 1234.5, Arrival: Constant}, {Rate: Least, Arrival: Poisson},
		{Arrival: Poisson, Stages: []Stage{{Duration: 10 * time.Second, From: 500, To: 500}, {Duration: 1500 * time.Millisecond, From: 500, To: 0}, {Duration: time.Hour, From: 0, To: 0.5}}},
	} {
		got, err := Read(text(p), string(p.Arrival))
		if err != nil || got.Rate != p.Rate || got.Arrival != p.Arrival || !slices.Equal(got.Stages, p.Stages) {
			t.Errorf("%+v comes back as %+v, %v", p, got, err)
		}
	}
}

func TestReach(t *testing.T) {
	for _, c := range []struct {
		plan   Plan
		users  int
		pauses time.Duration
		ok     bool
	}{
		{Plan{}, 1, time.Hour, true}, {Plan{Rate: 100}, 1, 0, true}, {Plan{Rate: 100000}, 2, 0, false}, {Plan{Rate: 100}, 199, 2 * time.Second, false},
		{Plan{Rate: 100}, 201, 2 * time.Second, true}, {Plan{Stages: []Stage{{Duration: 1, From: 1, To: 100}}}, 10, 2 * time.Second, false},
	} {
		if err := c.plan.Reach(c.users, 1, c.pauses); (err == nil) != c.ok {
			t.Errorf("%d users at %s with pauses of %v: %v", c.users, c.plan.Text(), c.pauses, err)
		}
	}
}

func TestUsers(t *testing.T) {
	for busy, want := range map[time.Duration]int{0: 16, time.Millisecond: 16, 10 * time.Millisecond: 40, time.Minute: MostUsers} {
		if got := (Plan{Rate: 1000}).Users(busy); got != want {
			t.Errorf("1000/s with %v each: %d users, want %d", busy, got, want)
		}
	}
}

// FuzzParse: what is read is within bounds, and is read again from its own text.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"2000/s", "30/min", "0/s -> 5/h", "1/s -> 2/s", "-1/s", "0.000001/s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		from, to, err := ParseSpan(text)
		if err != nil {
			return
		}
		for _, rate := range []float64{from, to} {
			if rate != 0 && !(rate >= Least && rate <= Most) {
				t.Errorf("%q has the rate %v", text, rate)
			}
		}
		again, to2, err := ParseSpan(Stage{From: from, To: to}.Text())
		if err != nil || !near(again, from) || !near(to2, to) {
			t.Errorf("%q is written %q, which is %v to %v, %v", text, Stage{From: from, To: to}.Text(), again, to2, err)
		}
	})
}

func near(a, b float64) bool { return a == b || a > b*(1-1e-8) && a < b*(1+1e-8) }

// text is a plan's as documents keep it: "" where there is none.
func text(p Plan) string {
	if !p.Open() {
		return ""
	}
	return p.RateText()
}
