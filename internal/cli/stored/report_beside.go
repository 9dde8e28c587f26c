package stored

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/charts"
	"taskbench/compare/history"
	"taskbench/compare/lineup"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/secret"
	"taskbench/lua"
	"taskbench/results"
	"taskbench/scenarios"
)

// trendsBeside are the trends that a page shows beside a load test, held against
// what that is held against.
func trendsBeside(c *cli.Context, p console.Process, load *compare.Comparison, o lineup.Options) []*history.Trend {
	if c.Int("last") == 0 {
		return nil
	}
	if o.First {
		o.First, o.Baseline = false, load.Targets[0].Implementation
	}
	return storedTrends(documents.Open(c, p), c.Int("last"), o)
}

// storedTrends are the trends of the metrics that a page draws, over the newest
// runs; none where there is nothing to draw.
func storedTrends(store *results.Store, last int, o lineup.Options) []*history.Trend {
	quiet := &results.Store{Dir: store.Dir, Skipped: func(error) {}} // what is damaged was told before
	docs, err := documents.OfRuns(quiet, results.LoadTest, last)
	if err != nil {
		return nil
	}
	var list []*history.Trend
	for _, m := range []*figure.Figure{figure.Throughput, figure.P95} {
		if t, err := history.New(docs, m, "", o); err == nil {
			list = append(list, t)
		}
	}
	return list
}

// ranScripts generates the scripts of load tests again: a document has the
// scenario's hash and load, which together say all of a script but the
// version of this program.
func ranScripts(c *cli.Context, docs []results.Document) []charts.Script {
	if c.Bool("no-scripts") {
		return nil
	}
	var list []charts.Script
	for _, d := range docs {
		for _, m := range d.Scenarios {
			list = append(list, ranScript(c, d, m))
		}
	}
	return list
}

func ranScript(c *cli.Context, d results.Document, m results.Measurement) charts.Script {
	script := charts.Script{Scenario: m.Scenario, Connections: m.Load.Connections, Target: d.Implementation}
	word, load := m.Scenario, scenarios.Builtin
	if m.File != "" {
		word, load = m.File, func(file string) (*scenarios.Scenario, error) { return order.StoredScenario(c, file) }
	}
	scenario, err := load(word)
	switch {
	case err != nil:
		script.Missing = fmt.Sprintf("the scenario %s cannot be read any more", word)
		return script
	case scenario.Hash != m.Hash:
		script.Missing = fmt.Sprintf("the scenario %s was changed since", word)
		return script
	}
	scenario.Recall(d.Implementation, m.Overridden)
	text, err := lua.Generate(scenario.For(d.Implementation), scriptOptions(d, m, scenario))
	if err != nil {
		script.Missing = err.Error()
		return script
	}
	if c.Bool("no-redact") {
		script.Text = string(text)
	} else {
		var keeper secret.Keeper
		order.Learn(&keeper, nil, []*scenarios.Scenario{scenario})
		script.Text = keeper.Hide(string(text))
	}
	if was := d.Environment.TaskbenchVersion; was != console.Version() {
		script.Note = fmt.Sprintf("Generated again by taskbench %s; the run was made by %s.", console.Version(), was)
	}
	return script
}

// scriptOptions are those of the first trial.
func scriptOptions(d results.Document, m results.Measurement, s *scenarios.Scenario) lua.Options {
	o := lua.Options{
		Target: d.Implementation, URL: d.Target.URL, Connections: m.Load.Connections, Threads: m.Load.Threads,
		Duration: seconds(m.Load.DurationS), Warmup: seconds(m.Load.WarmupS), Timeout: seconds(m.Load.TimeoutS),
	}
	if o.Warmup == 0 {
		o.Warmup = -1 // none; 0 would be the scenario's
	}
	if len(m.Trials) > 0 {
		o.Seed = m.Trials[0].Seed
	}
	return o
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// flameGraphs are links to the pages that lie beside documents, as seen from
// the page at path; "-" is taken to be in the current folder.
func flameGraphs(paths map[string]string, docs []results.Document, path string) []page.Link {
	var list []page.Link
	for _, d := range docs {
		for _, m := range d.Scenarios {
			for _, t := range m.Trials {
				for _, name := range t.Files() {
					if filepath.Ext(name) != ".html" {
						continue
					}
					folder := filepath.Dir(paths[documentKey(d)])
					file := filepath.Join(folder, name)
					if results.Inside(filepath.Dir(folder), file) != nil {
						continue
					}
					link := page.Link{Label: filepath.Base(file), Address: relative(filepath.Dir(path), file)}
					if link.Address != "" && !slices.Contains(list, link) {
						list = append(list, link)
					}
				}
			}
		}
	}
	return list
}

// relative is the address of a file from a folder; "" when there is no way.
func relative(from, file string) string {
	a, fromErr := filepath.Abs(from)
	b, fileErr := filepath.Abs(file)
	way, err := filepath.Rel(a, b)
	if errors.Join(fromErr, fileErr, err) != nil {
		return ""
	}
	parts := strings.Split("./"+filepath.ToSlash(way), "/") // behind the dot a colon starts no scheme
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}
