package cli

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"taskbench/results"
)

// namesOf are what completions ask the store for.
var namesOf = map[string]func(*results.Store) []string{"refs": storedRefs, "baselines": savedNames}

// namesCommand is for completion scripts alone: the words of the store, one a
// line. What cannot be read is nothing to complete.
func namesCommand(p Process) *cli.Command {
	return &cli.Command{
		Name: "names", Hidden: true, ArgsUsage: "refs|baselines", Flags: []cli.Flag{resultsFlag()},
		Action: func(c *cli.Context) error {
			of, known := namesOf[c.Args().First()]
			if !known {
				return badFlag("ask for refs or baselines")
			}
			for _, name := range of(openStore(c, p)) {
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

func savedNames(store *results.Store) []string {
	list, _ := store.Baselines()
	names := make([]string, len(list))
	for i, b := range list {
		names[i] = b.Name
	}
	return names
}
