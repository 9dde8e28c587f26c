package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/measure"
	"taskbench/internal/machine"
	"taskbench/internal/micro"
	"taskbench/results"
)

func importMicro(c *cli.Context, p console.Process) error {
	pairs, err := namedPaths(c.Args().Slice(), "taskbench micro import rust=../rust/target/criterion windjammer=../wj/target/criterion")
	if err != nil {
		return err
	}
	baseline, err := microBaseline(c, pairs)
	if err != nil {
		return err
	}
	var names []string
	sources := map[string][]micro.Source{}
	for _, pair := range pairs {
		if !slices.Contains(names, pair.name) {
			names = append(names, pair.name)
		}
		sources[pair.name] = append(sources[pair.name], microSource(pair.path))
	}
	store, session, now := documents.Open(c, p), measure.NewSession(time.Now()), time.Now()
	environment := machine.Describe()
	environment.LoadBefore = 0 // it is that of the import: what was measured was measured before
	environment.TaskbenchVersion = console.Version()
	imported := microImports{Imported: []microImport{}}
	for _, name := range names {
		m, problems := micro.Import(sources[name], c.String("unit"))
		for _, problem := range problems {
			fmt.Fprintf(p.Stderr, "%s: %v\n", name, problem)
		}
		if len(m.Benchmarks) == 0 {
			continue
		}
		path, err := store.Save(&results.Document{
			Kind: results.Microbench, Session: session, Implementation: name, Baseline: baseline, Created: now, Complete: true,
			Plan: results.Plan{Targets: names, Pairs: len(m.Rounds)}, Environment: environment,
			Scenarios: []results.Measurement{}, Micro: m,
		})
		if err != nil {
			return err
		}
		imported.Imported = append(imported.Imported, microImport{name, len(m.Benchmarks), len(m.Rounds), path})
	}
	if err := imported.print(c, p); err != nil {
		return err
	}
	if empty := len(names) - len(imported.Imported); empty > 0 {
		return fmt.Errorf("nothing to import for %d of %d implementations (see above)", empty, len(names))
	}
	return nil
}

// microImports is what `micro import` prints as JSON.
type microImports struct {
	Imported []microImport `json:"imported"`
}

type microImport struct {
	Implementation string `json:"implementation"`
	Benchmarks     int    `json:"benchmarks"`
	Rounds         int    `json:"rounds"`
	Path           string `json:"path"`
}

func (m microImports) print(c *cli.Context, p console.Process) error {
	if console.AsJSON(c) {
		return console.WriteJSON(p.Stdout, m)
	}
	for _, i := range m.Imported {
		fmt.Fprintf(p.Stdout, "%s: %d benchmarks, %d rounds, %s\n", i.Implementation, i.Benchmarks, i.Rounds, i.Path)
	}
	return nil
}

// microSource splits PATH[@BASELINES]; a path that exists as it is has none.
func microSource(text string) micro.Source {
	at := strings.LastIndex(text, "@")
	if _, err := os.Stat(text); err == nil || at < 0 {
		return micro.Source{Path: text}
	}
	return micro.Source{Path: text[:at], Baselines: text[at+1:]}
}
