package export

import (
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/internal/plain"
)

// GoBenchmark writes Go's benchmark text (go.dev/design/14313-benchmark-format),
// one line for each pair, scenario and target, pairs in the order measured:
//
//	benchstat -col impl results.txt
//
// benchstat compares the two sides as independent samples, and knows nothing
// of pairs: its intervals are wider than compare's where the machine drifts. Times
// are in ns, which benchstat shows as seconds. Error rates are left out: it
// would print ratios of zeros.
func GoBenchmark(w io.Writer, c *compare.Comparison) error {
	out := benchfmt.NewWriter(w)
	list := entries(c)
	if err := writeUnits(out, list); err != nil {
		return err
	}
	for _, group := range goGroups(list) {
		for pair := range len(group[0].eachPair) {
			for _, target := range c.Targets {
				r := goResult(group, target, pair)
				if len(r.Values) == 0 {
					continue
				}
				if err := out.Write(r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// writeUnits says once which way each unit is better.
func writeUnits(out *benchfmt.Writer, list []entry) error {
	seen := map[string]bool{}
	for _, e := range list {
		unit, _ := e.metric.Benchstat()
		if unit == "" || seen[unit] {
			continue
		}
		seen[unit] = true
		key := benchfmt.UnitMetadataKey{Unit: unit, Key: "better"}
		if err := out.Write(&benchfmt.UnitMetadata{UnitMetadataKey: key, OrigUnit: unit, Value: string(e.better)}); err != nil {
			return err
		}
	}
	return nil
}

// goGroups puts the figures of one benchmark name together.
func goGroups(list []entry) [][]entry {
	var groups [][]entry
	at := map[string]int{}
	for _, e := range list {
		name := goName(e)
		i, known := at[name]
		if !known {
			i = len(groups)
			at[name] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], e)
	}
	return groups
}

// goResult is one target's line of one pair.
func goResult(group []entry, target lineup.Target, pair int) *benchfmt.Result {
	r := &benchfmt.Result{
		Config: []benchfmt.Config{{Key: "impl", Value: []byte(plain.Clean(target.Label)), File: true}},
		Name:   benchfmt.Name(goName(group[0])), Iters: 1,
	}
	for _, e := range group {
		if e.target.Label != target.Label || pair >= len(e.eachPair) || e.eachPair[pair] == nil {
			continue
		}
		if unit, scale := e.metric.Benchstat(); unit != "" {
			r.Values = append(r.Values, benchfmt.Value{Value: *e.eachPair[pair] * scale, Unit: unit})
		}
	}
	return r
}

// goName is "Projects/step=create/connections=16". It never ends in a dash and
// a number, which would be read as GOMAXPROCS.
func goName(e entry) string {
	name := word(e.scenario)
	first, size := utf8.DecodeRuneInString(name)
	if first >= 'a' && first <= 'z' {
		name = string(first-'a'+'A') + name[size:]
	}
	if e.step != "" {
		name += "/step=" + word(e.step)
	}
	if e.sender != "" {
		name += "/sender=" + word(e.sender)
	}
	return name + "/connections=" + strconv.Itoa(e.connections)
}
