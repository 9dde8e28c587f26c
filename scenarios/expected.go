package scenarios

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// quantity is what a metric is measured in.
type quantity int

const (
	latency    quantity = iota // limit in µs, smaller is better
	throughput                 // limit in good answers per second, larger is better
	fraction                   // limit as a fraction, smaller is better
	size                       // limit in bytes, smaller is better
	none                       // there is to be none of it
)

var latencyMetrics = []string{"p50", "p75", "p90", "p95", "p99", "p99.9", "mean", "max"}

// metricsOf are the metrics that can be expected: flow_ ones are end to end
// and exist only for a flow as a whole.
func metricsOf(flow bool) map[string]quantity {
	out := map[string]quantity{}
	for _, key := range keysOf(boundFields(flow)) {
		out[key] = latency
	}
	out["throughput"], out["errors"] = throughput, fraction
	return out
}

// boundFields are the metrics of a step, or of a whole flow too; bound reads them.
func boundFields(flow bool) []field {
	var table []field
	for _, m := range latencyMetrics {
		table = append(table, field{m, "Time to the last byte, such as < 10ms.", boundForm(latency), false, nil})
		if flow {
			table = append(table, field{"flow_" + m, "Time from the first request of an iteration to its last answer.", boundForm(latency), false, nil})
		}
	}
	return append(table, field{"throughput", "Good answers per second.", boundForm(throughput), false, nil}, field{"errors", "Share of answers that are not good.", boundForm(fraction), false, nil})
}

func expectedFields() []field {
	return append(boundFields(true),
		field{capacity, "The rate that the server carries while the objective holds; taskbench capacity measures it.", boundForm(throughput), false, nil},
		field{"steps", "Figures of single steps, by name.", namesTo(defined("bounds")), false, nil})
}

// expected reads the documented expectation of the figures.
func (r *reader) expected(n *yamlfile.Node, s *Scenario) Expected {
	var e Expected
	if !r.Want(n, yamlfile.Mapping, "expected") {
		return e
	}
	var perStep *yamlfile.Node
	e.Bounds = r.bounds(n, s.Mode, func(p yamlfile.Pair) bool {
		if p.Key == "steps" {
			perStep = p.Value
		}
		return p.Key == "steps"
	})
	if perStep == nil || !r.Want(perStep, yamlfile.Mapping, "expected.steps") {
		return e
	}
	e.Steps = map[string][]Bound{}
	for _, p := range perStep.Pairs {
		names, journeys := stepNames(s.Steps), journeyNames(s.Journeys)
		if !slices.Contains(names, p.Key) && !slices.Contains(journeys, p.Key) {
			r.FailWith(p.Pos, func() string { return source.Allowed(p.Key, append(names, journeys...)) }, "no measured step is named %q", p.Key)
		}
		if r.Want(p.Value, yamlfile.Mapping, "expected.steps."+p.Key) {
			mode := Request
			if slices.Contains(journeys, p.Key) {
				mode = Flow
				r.checkWhole(p.Value, slices.Contains(names, p.Key))
			}
			e.Steps[p.Key] = r.bounds(p.Value, mode, nil)
		}
	}
	return e
}

// checkWhole reports metrics that a journey has not: all its figures are of whole
// iterations.
func (r *reader) checkWhole(n *yamlfile.Node, isStep bool) {
	for _, p := range n.Pairs {
		if _, known := metricsOf(false)[p.Key]; known && !isStep {
			r.Fail(p.Pos, "write flow_p95, or name one of its steps", "%s is no figure of a journey", p.Key)
		}
	}
}

func journeyNames(journeys []Journey) []string {
	names := make([]string, len(journeys))
	for i, j := range journeys {
		names[i] = j.Name
	}
	return names
}

func stepNames(steps []Step) []string {
	names := make([]string, len(steps))
	for i, s := range steps {
		names[i] = s.Name
	}
	return names
}

// bounds reads "metric: bound" pairs; skip takes keys that are none.
func (r *reader) bounds(n *yamlfile.Node, mode Mode, skip func(yamlfile.Pair) bool) []Bound {
	metrics := metricsOf(mode == Flow)
	if mode != "" {
		metrics[capacity] = throughput
	}
	var out []Bound
	for _, p := range n.Pairs {
		if skip != nil && skip(p) {
			continue
		}
		q, known := metrics[p.Key]
		_, inFlow := metricsOf(true)[p.Key]
		switch {
		case known:
			if b, ok := r.bound(p, q); ok {
				out = append(out, b)
			}
		case inFlow:
			r.Fail(p.Pos, "leave out flow_, or write the steps as a flow", "%s is measured end to end, over a whole flow", p.Key)
		default:
			r.Fail(p.Pos, source.Allowed(p.Key, slices.Sorted(maps.Keys(metrics))), "unknown metric %q", p.Key)
		}
	}
	return out
}

// capacity is what `taskbench capacity` measures of a whole scenario.
const capacity = "capacity"

// DefaultObjective is what a server is to keep up where nobody says anything else.
const DefaultObjective = "p95 < 20ms, errors < 0.1%"

// ParseObjective reads what is to hold at a rate: "p95 < 20ms, errors < 0.1%",
// from a command line. mode is that of the scenario it is for.
func ParseObjective(text string, mode Mode) ([]Bound, error) {
	r := newReader("--objective", []byte(text))
	bounds := r.objective(&yamlfile.Node{Kind: yamlfile.Scalar, Text: text, Value: text, Pos: source.Position{File: "--objective", Line: 1, Column: 1}}, mode)
	return bounds, r.Errs.Err()
}

var objectiveText = regexp.MustCompile(`^\s*([a-z0-9_.]+)\s*([<>=].*)$`)

// objective reads bounds that stand on one line, with commas between them. What is
// asked for is the rate, so that no throughput can be in it.
func (r *reader) objective(n *yamlfile.Node, mode Mode) []Bound {
	text := r.Str(n, "objective")
	if text == "" {
		return nil
	}
	metrics := metricsOf(mode == Flow)
	delete(metrics, "throughput")
	var out []Bound
	at := n.Pos
	for part := range strings.SplitSeq(text, ",") {
		m := objectiveText.FindStringSubmatch(part)
		if m == nil {
			r.Fail(at, "write it like \""+DefaultObjective+"\"", "%q is no bound", strings.TrimSpace(part))
			return nil
		}
		q, known := metrics[m[1]]
		_, inFlow := metricsOf(true)[m[1]]
		switch {
		case known:
			if b, ok := r.bound(yamlfile.Pair{Key: m[1], Pos: at, Value: &yamlfile.Node{Kind: yamlfile.Scalar, Text: m[2], Value: m[2], Pos: at}}, q); ok {
				out = append(out, b)
			}
		case m[1] == "throughput":
			r.Fail(at, "leave it out: the rate is what is looked for", "an objective cannot ask for throughput")
		case inFlow:
			r.Fail(at, "leave out flow_, or write the steps as a flow", "%s is measured end to end, over a whole flow", m[1])
		default:
			r.Fail(at, source.Allowed(m[1], slices.Sorted(maps.Keys(metrics))), "unknown metric %q", m[1])
		}
	}
	return out
}

var boundText = regexp.MustCompile(`^\s*(<=|>=|<|>)?\s*(.*?)\s*$`)

// bound reads "< 10ms", "> 5k/s", "0%". Without a sign the limit itself is
// still good.
func (r *reader) bound(p yamlfile.Pair, q quantity) (Bound, bool) {
	text := r.Str(p.Value, p.Key)
	if text == "" {
		return Bound{}, false
	}
	m := boundText.FindStringSubmatch(text)
	b := Bound{Metric: p.Key, Op: m[1], Text: strings.TrimSpace(text), Pos: p.Value.Pos}
	better, example := "<", map[quantity]string{latency: "< 10ms", throughput: "> 5000/s", fraction: "< 0.1%", size: "< 100MB", none: "none"}[q]
	if q == throughput {
		better = ">"
	}
	if b.Op == "" {
		b.Op = better + "="
	}
	limit, ok := limitOf(m[2], q)
	switch {
	case !ok && lacksUnit(m[2], q):
		r.Fail(p.Value.Pos, withUnit(m[1], m[2], q), "%s needs a unit: %s", p.Key, b.Text)
	case !ok:
		r.Fail(p.Value.Pos, "write it like \""+example+"\"", "%q is no limit for %s", text, p.Key)
	case !strings.HasPrefix(b.Op, better):
		r.Fail(p.Value.Pos, "write it like \""+example+"\"", "%s is expected to be %s a limit, not %s", p.Key, better, b.Op)
		ok = false
	}
	b.Limit = limit
	return b, ok
}

// unitsOf are what a number is proposed with that has no unit, and would be a limit
// with one. 0 is the same in each.
var unitsOf = map[quantity][]string{latency: {"ms", "s"}, throughput: {"/s"}, fraction: {"%"}}

// unitForms are how the text of a limit may end.
var unitForms = map[quantity]string{latency: `(ns|us|µs|μs|ms|s|m|h)`, throughput: "/s", fraction: "%"}

// boundForm is how a bound is written, with its unit where one is needed.
func boundForm(q quantity) form {
	if unitForms[q] == "" {
		return bound
	}
	zero := func() *jsonschema.Schema { return &jsonschema.Schema{Const: 0} }
	return either(like(unitForms[q]+`\s*$`), like(`^[\s<>=]*0(\.0+)?[kM]?\s*$`), zero)
}

// lacksUnit tells a limit that would be one with its unit.
func lacksUnit(text string, q quantity) bool {
	return slices.ContainsFunc(unitsOf[q], func(unit string) bool {
		_, ok := limitOf(text+unit, q)
		return ok
	})
}

// withUnit is what a limit without its unit may mean.
func withUnit(op, number string, q quantity) string {
	var meant []string
	for _, unit := range unitsOf[q] {
		meant = append(meant, strings.TrimSpace(op+" "+number+unit))
	}
	if share, ok := positive(number); q == fraction && ok && share <= 1 {
		meant = append(meant, strings.TrimSpace(op+" "+strconv.FormatFloat(share*100, 'g', 6, 64)+"%"))
	}
	if len(meant) == 1 {
		return fmt.Sprintf("write %q", meant[0])
	}
	return fmt.Sprintf("did you mean \"%s\"?", strings.Join(meant, `" or "`))
}

// limitOf is a limit in the base unit of its quantity.
func limitOf(text string, q quantity) (float64, bool) {
	switch q {
	case latency:
		d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
		return float64(d) / float64(time.Microsecond), err == nil && d >= 0
	case none:
		return 0, text == "none"
	case size:
		return byteCount(text)
	case throughput:
		number, hasUnit := strings.CutSuffix(text, "/s")
		v, ok := scaled(strings.TrimSpace(number))
		return v, ok && (hasUnit || v == 0)
	default:
		number, isPercent := strings.CutSuffix(text, "%")
		v, ok := positive(strings.TrimSpace(number))
		v /= 100
		return v, ok && v <= 1 && (isPercent || v == 0)
	}
}

// byteCount reads 100MB, 1.5 GiB, 5000000.
func byteCount(text string) (float64, bool) {
	for _, unit := range []struct {
		name string
		of   float64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1}} {
		if number, found := strings.CutSuffix(text, unit.name); found {
			v, ok := positive(strings.TrimSpace(number))
			return v * unit.of, ok
		}
	}
	return positive(text)
}

// scaled reads 5000, 10k, 1.5M.
func scaled(text string) (float64, bool) {
	for suffix, factor := range map[string]float64{"k": 1e3, "M": 1e6} {
		if number, found := strings.CutSuffix(text, suffix); found {
			v, ok := positive(number)
			return v * factor, ok
		}
	}
	return positive(text)
}

var decimal = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// positive reads a plain decimal number: no sign, exponent, infinity, nor a zero
// in front, which makes it octal for some.
func positive(text string) (float64, bool) {
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && decimal.MatchString(text)
}
