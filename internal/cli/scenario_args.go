package cli

import (
	"errors"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/scenarios"
)

const allowOutside = "allow-outside"

func outsideFlag() cli.Flag {
	return &cli.BoolFlag{Name: allowOutside, EnvVars: []string{"TASKBENCH_ALLOW_OUTSIDE"}, Usage: "let scenarios read files outside of their own folder, and send them"}
}

// loadScenarios reads the named ones: paths where a word looks like one,
// built-ins otherwise; all built-ins where nothing is named. Every problem of
// every file is reported.
func loadScenarios(c *cli.Context, words []string) ([]*scenarios.Scenario, error) {
	if len(words) == 0 {
		words = scenarios.BuiltinNames()
	}
	var loaded []*scenarios.Scenario
	var errs []error
	seen := map[string]string{}
	for _, word := range words {
		s, err := loadScenario(c, word)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if other, twice := seen[s.Name]; twice {
			errs = append(errs, badFlag("%s and %s are both named %q: results are kept by name", other, word, s.Name))
		}
		seen[s.Name] = word
		loaded = append(loaded, s)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, exit(ExitUsage, err)
	}
	return loaded, nil
}

func loadScenario(c *cli.Context, word string) (*scenarios.Scenario, error) {
	if looksLikePath(word) {
		return scenarios.LoadFile(word, c.Bool(allowOutside))
	}
	return scenarios.Builtin(word)
}

func looksLikePath(word string) bool {
	ext := filepath.Ext(word)
	return ext == ".yaml" || ext == ".yml" || strings.ContainsRune(word, filepath.Separator)
}
