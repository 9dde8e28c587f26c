package soak

import (
	"math"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

// DriftVerdict is whether a figure stays what it was under constant load.
type DriftVerdict string

const (
	Steady    DriftVerdict = "steady"
	Drifting  DriftVerdict = "drifting"
	Undecided DriftVerdict = "too short to say"
)

// Drift is a verdict with everything it rests on; docs/soak.md states the
// rule. Slopes are in the figure's unit an hour.
type Drift struct {
	Verdict DriftVerdict `json:"verdict"`
	// Harmful is set when a drifting figure gets worse; Word says how.
	Harmful bool            `json:"harmful"`
	Word    string          `json:"word,omitempty"` // "falling", "rising", "growing", …; "" when not drifting
	Reason  finding.Finding `json:"reason"`

	From    float64 `json:"from"` // where the line of the trend begins, in the figure's unit
	To      float64 `json:"to"`   // and where it ends, LengthS later
	SlopePH float64 `json:"slope_per_h"`
	LowPH   float64 `json:"slope_low_per_h"`
	HighPH  float64 `json:"slope_high_per_h"` // 95 % interval, widened for autocorrelation
	P       float64 `json:"p"`                // of no trend, two-sided, with the same correction
	// AdjustedP is P among all figures of the soak (Holm).
	AdjustedP float64 `json:"p_adjusted"`
	Windows   int     `json:"windows"`      // looked at: those of the warm-up are not
	LengthS   float64 `json:"length_s"`     // from the first of them to the last
	Least     float64 `json:"least_change"` // over LengthS: less is no drift
	// NotRuledOut is set where it is why there is no verdict: a change as large,
	// over LengthS and in the figure's unit, is within the interval.
	NotRuledOut float64 `json:"not_ruled_out,omitempty"`
	Serially    float64 `json:"autocorrelation"` // of what the line leaves from window to window, corrected for bias; 0 … 0.9
}

// FewestWindows is how many windows a soak needs for verdicts.
const FewestWindows = 13

// What the rule is made of; docs/soak.md gives the reasons, TestDriftErrorRates
// the error rates.
const (
	warmUpPart     = 0.25 // of the windows
	fewestWindows  = 10   // after the warm-up
	driftAlpha     = 0.01 // after Holm; not .05, for neighbours may be more alike than can be told from so few
	mostSerially   = 0.9
	doubtOfSerial  = 1 // standard errors; keeps 5 % of soaks up to a correlation of .5, TestDriftErrorRates
	ExcludedFactor = 2 // steady: changes of this many times the least are ruled out
)

// course is one figure of one target over the windows of a soak, while it is
// judged with the others.
type course struct {
	figure    *figure.Figure
	drift     *Drift
	all, late stats.Trend // of all windows, and of their second half
	steps     float64
	judged    bool // there is a trend
}

// newCourse measures values, of windows that begin everyS seconds after each
// other.
func newCourse(f *figure.Figure, values []float64, everyS float64) course {
	ys := values[int(warmUpPart*float64(len(values))):]
	d := &Drift{Verdict: Undecided, P: 1, Windows: len(ys), LengthS: everyS * math.Max(float64(len(ys)-1), 0)}
	c := course{figure: f, drift: d, steps: float64(len(ys) - 1)}
	if len(ys) < fewestWindows {
		d.Reason = finding.Finding{Code: finding.FewWindows, Values: finding.Values{"windows": float64(len(ys)), "least_windows": fewestWindows}}
		return c
	}
	if !(everyS > 0) {
		d.Reason = finding.Finding{Code: finding.NoWindowTimes}
		return c
	}
	c.all, d.Serially = corrected(ys, doubt(f))
	c.late, c.judged = stats.FindTrend(ys[len(ys)/2:]), true
	d.P = c.all.P
	perHour := 3600 / everyS
	d.SlopePH, d.LowPH, d.HighPH = c.all.Slope*perHour, c.all.Low*perHour, c.all.High*perHour
	d.From = stats.Median(ys) - c.all.Slope*c.steps/2
	d.To = d.From + c.all.Slope*c.steps
	d.Least = math.Max(f.Drift.Part*math.Abs(stats.Median(ys)), f.Drift.Least)
	return c
}

// judgeDrifts says which figures of a soak keep drifting: of all its figures, of
// all targets, together (Holm), for more of them are more chances to be wrong.
func judgeDrifts(courses []course) {
	ps := make([]float64, len(courses))
	for i, c := range courses {
		ps[i] = c.drift.P
	}
	for i, p := range stats.Holm(ps) {
		if c := courses[i]; c.judged {
			c.drift.AdjustedP = p
			c.drift.decide(c.figure, c.all, c.late, c.steps)
		}
	}
}

// decide applies the rule to the trend of all windows and of their second half.
func (d *Drift) decide(f *figure.Figure, all, late stats.Trend, steps float64) {
	if all.Slope < 0 {
		all, late = mirrored(all), mirrored(late)
	}
	change := all.Slope * steps
	proven := d.AdjustedP < driftAlpha && all.Low > 0 && change >= d.Least
	because := func(code finding.Code, values finding.Values) finding.Finding {
		values["s"] = d.LengthS
		return finding.Finding{Code: code, Metric: f.Key, Values: values}
	}
	most := math.Max(all.High, -all.Low) * steps
	switch {
	case proven && late.High >= all.Slope/2:
		up := d.SlopePH > 0
		d.Verdict, d.Harmful, d.Word = Drifting, up == (f.Better == stats.LowerIsBetter), f.Drift.Down
		if up {
			d.Word = f.Drift.Up
		}
		d.Reason = because(finding.Drifted, finding.Values{"from": d.From, "to": d.To})
	case proven && late.Slope*steps >= d.Least:
		d.Reason = finding.Finding{Code: finding.DriftSlowing}
	case most >= ExcludedFactor*d.Least && most > 0:
		d.NotRuledOut = most
		d.Reason = because(finding.DriftNotExcluded, finding.Values{"change": most, "middle": d.Middle()})
	case proven:
		d.Verdict, d.Reason = Steady, finding.Finding{Code: finding.LevelledOff}
	default:
		d.Verdict, d.Reason = Steady, because(finding.NoDrift, finding.Values{"change": ExcludedFactor * d.Least, "middle": d.Middle()})
	}
}

// Levelled reports a figure that is steady now and was not at first.
func (d *Drift) Levelled() bool { return d.Reason.Code == finding.LevelledOff }

// Middle is the value half-way.
func (d *Drift) Middle() float64 { return (d.From + d.To) / 2 }

func mirrored(t stats.Trend) stats.Trend {
	t.Slope, t.Low, t.High = -t.Slope, -t.High, -t.Low
	return t
}

// corrected is the trend of values that may be alike from one to the next, and
// how much they are. Where neighbours are alike there is less evidence than
// values: of a first-order autoregression with coefficient ρ, (1−ρ)/(1+ρ) as
// much (Bayley and Hammersley, J. R. Stat. Soc. Suppl. 1946), so that variances
// grow by the inverse. ρ is what the line leaves, corrected for the bias
// −(1+4ρ)/n of its estimate (Kendall, Biometrika 1954), and doubt times
// its standard error √((1−ρ²)/n) more: too low a ρ does more harm than too high.
func corrected(ys []float64, doubt float64) (stats.Trend, float64) {
	t := stats.FindTrend(ys)
	r := stats.Autocorrelation(residuals(ys, t.Slope))
	n := float64(len(ys))
	r += (1 + 4*r) / n
	r += doubt * math.Sqrt(math.Max(1-r*r, 0)/n)
	r = math.Min(math.Max(r, 0), mostSerially)
	wider := math.Sqrt((1 + r) / (1 - r))
	t.Low, t.High = t.Slope-(t.Slope-t.Low)*wider, t.Slope+(t.High-t.Slope)*wider
	z := math.Sqrt2 * math.Erfinv(1-t.P) // infinite for p that are next to nothing
	t.P = math.Erfc(z / wider / math.Sqrt2)
	return t, r
}

// doubt is of those figures that noise alone can move by their least change. What
// has a floor beside it (files, threads, bytes, errors) climbs in steps, and the
// steps, which no noise made, are what its line leaves.
func doubt(f *figure.Figure) float64 {
	if f.Drift.Least > 0 {
		return 0
	}
	return doubtOfSerial
}

func residuals(ys []float64, slope float64) []float64 {
	out := make([]float64, len(ys))
	for i, y := range ys {
		out[i] = y - slope*float64(i)
	}
	centre := stats.Median(out)
	for i := range out {
		out[i] -= centre
	}
	return out
}
