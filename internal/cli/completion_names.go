package cli

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/results"
)

// namesOf are what completions ask for: of the store, and of the scenarios of
// this folder or configuration.
var namesOf = map[string]func(*cli.Context, console.Process) []string{
	"refs":      func(c *cli.Context, p console.Process) []string { return storedRefs(documents.Open(c, p)) },
	"baselines": func(c *cli.Context, p console.Process) []string { return savedNames(documents.Open(c, p)) },
	"scenarios": func(c *cli.Context, _ console.Process) []string { return scenarioNames(c) },
}

// namesCommand is for completion scripts alone: the words, one a
// line. What cannot be read is nothing to complete.
func namesCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name: "names", Hidden: true, ArgsUsage: "refs|baselines|scenarios", Flags: []cli.Flag{documents.Flag()},
		Action: func(c *cli.Context) error {
			of, known := namesOf[c.Args().First()]
			if !known {
				return console.BadFlag("ask for refs, baselines or scenarios")
			}
			for _, name := range of(c, p) {
				fmt.Fprintln(p.Stdout, name)
			}
			return nil
		},
	}
}

// storedRefs are the words that mean stored results: latest, implementations,
// sessions, the newest first, and baselines.
func storedRefs(store *results.Store) []string {
	entries, _ := store.List()
	if len(entries) == 0 {
		return savedNames(store)
	}
	implementations, sessions := []string{"latest"}, []string{}
	for _, e := range entries {
		if !slices.Contains(implementations, e.Implementation) {
			implementations = append(implementations, e.Implementation)
		}
		if !slices.Contains(sessions, e.Session) {
			sessions = append(sessions, e.Session)
		}
	}
	return slices.Concat(implementations, sessions, savedNames(store))
}

// scenarioNames are those of files that are run without words; built-in ones
// every completion script has.
func scenarioNames(c *cli.Context) []string {
	cfg, err := config.Find("")
	if err != nil {
		return nil
	}
	from, err := order.SupplyOf(c, cfg)
	if err != nil {
		return nil
	}
	var names []string
	for _, word := range from.Words {
		if !order.LooksLikePath(word) {
			continue
		}
		if s, err := order.LoadScenario(c, word); err == nil {
			names = append(names, s.Name)
		}
	}
	return names
}

func savedNames(store *results.Store) []string {
	list, _ := store.Baselines()
	names := make([]string, len(list))
	for i, b := range list {
		names[i] = b.Name
	}
	return names
}
