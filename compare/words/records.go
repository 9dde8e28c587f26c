package words

import (
	"slices"
	"strconv"
	"strings"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/sentences"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// fields are a line of records, by the names of its columns.
type fields map[string]string

// table is the records of a page under its columns. Every kind has them of the
// same names for the same things, and none for what it has not.
type table struct{ page.Records }

func newTable(columns ...string) *table { return &table{page.Records{Header: columns}} }

// add adds a line; later fields replace earlier ones, and those without a column
// are left out.
func (t *table) add(all ...fields) {
	line := make([]string, len(t.Header))
	for _, f := range all {
		for name, text := range f {
			if i := slices.Index(t.Header, name); i >= 0 {
				line[i] = plain.Clean(text)
			}
		}
	}
	t.Rows = append(t.Rows, line)
}

// warning is the name of a line that says what a reader must know before the
// figures below it.
const warning = "warning"

// warn adds a line for each finding, which stands where reasons do.
func (t *table) warn(where fields, list ...finding.Finding) {
	t.tell(where, sentences.All(list)...)
}

// tell does so for sentences.
func (t *table) tell(where fields, texts ...string) {
	for _, text := range texts {
		t.add(where, fields{"name": warning, "metric": warning, "reason": text})
	}
}

// course adds a line for each value of a course: at is its place, from 1.
func course(t *table, where fields, values []*float64) {
	for i, v := range values {
		if v != nil {
			t.add(where, fields{"at": strconv.Itoa(i + 1), "median": figure.Plain(*v)})
		}
	}
}

func pointers(values []float64) []*float64 {
	list := make([]*float64, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}

// cellFields are a figure, what it is held against, and all reservations.
func cellFields(m *figure.Figure, c verdict.Cell) fields {
	f := fields{"target": c.Target, "pairs": strconv.Itoa(len(c.EachPair)), "median": orEmpty(c.Median), "difference": orEmpty(c.Difference), "reason": reason(c)}
	x := c.Ratio
	if x == nil {
		return f
	}
	f["ratio"], f["ratio_low"], f["ratio_high"] = figure.Plain(x.Ratio), figure.Plain(x.Low), figure.Plain(x.High)
	if v := x.Verdict; v != nil {
		f["verdict"] = string(wordOf(m, v.Verdict))
		if v.CI.Known() {
			f["ci_low"], f["ci_high"] = figure.Plain(v.CI.Low), figure.Plain(v.CI.High)
		}
	}
	return f
}

// reason is why there is no figure, no ratio, or no more of a verdict.
func reason(c verdict.Cell) string {
	switch {
	case !c.Missing.IsZero():
		return sentences.Of(c.Missing)
	case !c.NoRatio.IsZero():
		return sentences.Of(c.NoRatio)
	case c.Ratio == nil || c.Ratio.Verdict == nil:
		return ""
	}
	v := c.Ratio.Verdict
	list := reservations(v)
	if why := sentences.Of(v.Reason); why != "" && !slices.Contains(list, why) {
		list = slices.Insert(list, 0, why)
	}
	return strings.Join(list, "; ")
}

var loadColumns = []string{
	"scenario", "connections", "state", "step", "metric", "at", "better", "target", "target_state", "baseline", "pairs",
	"median", "ratio", "ratio_low", "ratio_high", "difference", "verdict", "ci_low", "ci_high", "reason",
}

// loadRecords are one line for each figure of each target, in the metric's unit
// and unrounded. What does not exist is empty, and reason says why.
func loadRecords(c *compare.Comparison) page.Records {
	t := newTable(loadColumns...)
	t.warn(nil, slices.Concat(c.Flags, c.Notes)...)
	for _, s := range c.Scenarios {
		where := fields{"scenario": s.Name, "connections": strconv.Itoa(s.Load.Connections), "state": string(s.State)}
		t.tell(where, scenarioWarnings(s)...)
		where["baseline"] = c.Baseline
		for _, r := range s.Rows {
			for i, cell := range r.Cells {
				t.add(where, fields{"step": r.Step, "metric": r.Metric.Key, "better": string(r.Better), "target_state": string(s.Sides[i].State)}, cellFields(r.Metric, cell))
			}
		}
		for _, side := range s.Sides {
			of := fields{"metric": "good_per_s", "target": side.Target, "target_state": string(side.State)}
			for second, n := range side.Seconds {
				t.add(where, of, fields{"at": strconv.Itoa(second + 1), "median": strconv.FormatUint(n, 10)})
			}
		}
	}
	for _, s := range c.Sweeps {
		sweepRecords(t, s)
	}
	return t.Records
}

// scenarioWarnings are all that speaks against a scenario's figures.
func scenarioWarnings(s compare.Scenario) []string {
	var list []string
	for _, side := range s.Sides {
		for _, problem := range side.Problems() {
			list = append(list, sentences.Join(": ", sentences.Of(problem.Finding), below(problem)))
		}
	}
	return slices.Concat(list, leftOutLines(s), sentences.All(s.Flags), sentences.All(s.Notes))
}

// sweepRecords are the knees, and which targets do less beyond theirs.
func sweepRecords(t *table, s compare.Sweep) {
	where := fields{"scenario": s.Scenario}
	t.warn(where, degraded(s)...)
	for _, side := range s.Sides {
		k := side.Knee
		if k.At == 0 {
			continue
		}
		knee := fields{"metric": "knee_connections", "target": side.Target}
		switch {
		case !k.Named:
			knee["reason"] = noKnee
		case side.Growing:
			knee["reason"] = "or more: its throughput still grows"
			fallthrough
		default:
			knee["median"], knee["ci_low"], knee["ci_high"] = strconv.Itoa(k.At), strconv.Itoa(k.Low), strconv.Itoa(k.High)
		}
		t.add(where, knee)
	}
}

func orEmpty(v *float64) string {
	if v == nil {
		return ""
	}
	return figure.Plain(*v)
}
