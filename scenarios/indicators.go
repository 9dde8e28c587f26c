package scenarios

import (
	"slices"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// indicatorQuantities are the general indicators of a good server, in the order
// in which they are shown: they are held against all scenarios of a run.
var indicatorQuantities = []struct {
	name string
	of   quantity
}{{"p95", latency}, {"throughput", throughput}, {"memory", size}, {"cpu", fraction}, {"leaks", none}}

// ReadIndicators reads bounds of general indicators: p95, throughput, memory,
// cpu (of the cores that the server may use), and leaks: none.
func ReadIndicators(r *yamlfile.Reader, n *yamlfile.Node) []Bound {
	if !r.Want(n, yamlfile.Mapping, "indicators") {
		return nil
	}
	var names []string
	for _, q := range indicatorQuantities {
		names = append(names, q.name)
	}
	for _, p := range n.Pairs {
		if !slices.Contains(names, p.Key) {
			r.Fail(p.Pos, source.Allowed(p.Key, names), "unknown indicator %q", p.Key)
		}
	}
	var out []Bound
	for _, q := range indicatorQuantities {
		for _, p := range n.Pairs {
			if p.Key != q.name {
				continue
			}
			if b, ok := (&reader{Reader: r}).bound(p, q.of); ok {
				b.Pos = source.Position{} // nothing more will be said of it
				out = append(out, b)
			}
		}
	}
	return out
}

// IndicatorsForm is how they are written.
func IndicatorsForm() yamlfile.Form {
	var keys []yamlfile.Key
	for _, q := range indicatorQuantities {
		keys = append(keys, yamlfile.Key{Name: q.name, About: "What it is held to: < 20ms, > 5k/s, < 100MB, < 80%, none.", Form: boundForm(q.of)})
	}
	return yamlfile.MappingOf(keys)
}

// suiteIndicators are what TaskFlow's documents name as good, for every endpoint
// and the server as a whole.
const suiteIndicators = `
p95: < 20ms
throughput: "> 5k/s"
memory: < 100MB
cpu: < 80%
leaks: none
`

// SuiteIndicators are those of the built-in scenarios.
func SuiteIndicators() []Bound {
	r := yamlfile.NewReader("builtin:indicators", []byte(suiteIndicators))
	list := ReadIndicators(r, r.Parse())
	if err := r.Errs.Err(); err != nil {
		panic(err) // a mistake in this package
	}
	return list
}
