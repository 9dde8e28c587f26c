package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/source"
	"taskbench/results"
)

// namedPath is a NAME=PATH argument.
type namedPath struct{ name, path string }

// namedPaths reads NAME=PATH words; at least one.
func namedPaths(words []string, example string) ([]namedPath, error) {
	if len(words) == 0 {
		return nil, console.Exit(console.ExitUsage, source.Errorf(source.Position{}, "write it like: "+example, "name at least one NAME=PATH"))
	}
	var list []namedPath
	for _, word := range words {
		name, path, found := strings.Cut(word, "=")
		if !found || path == "" {
			return nil, console.Exit(console.ExitUsage, source.Errorf(source.Position{}, "write it like: "+example, "%q is not NAME=PATH", word))
		}
		if err := results.CheckName(name); err != nil {
			return nil, console.Exit(console.ExitUsage, fmt.Errorf("%s: %w", word, err))
		}
		list = append(list, namedPath{name, path})
	}
	return list, nil
}

// microBaseline is the name asked for, else the first.
func microBaseline(c *cli.Context, pairs []namedPath) (string, error) {
	var names []string
	for _, p := range pairs {
		names = append(names, p.name)
	}
	switch wanted := c.String("baseline"); {
	case wanted != "" && !slices.Contains(names, wanted):
		return "", console.Usagef(wanted, names, "baseline %q is none of the names", wanted)
	case wanted != "":
		return wanted, nil
	}
	return names[0], nil
}

// forCriterion parts NAME=CRATE words from what is meant for Criterion: the last
// words, as many as stood behind "--", which the library may have taken away; without
// it, whatever begins with the first flag.
func forCriterion(words []string, behind int) (names, rest []string) {
	if at := slices.Index(words, "--"); at >= 0 {
		return words[:at], words[at+1:]
	}
	if behind > 0 && behind <= len(words) {
		at := len(words) - behind
		return words[:at], words[at:]
	}
	at := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "-") })
	if at < 0 {
		return words, nil
	}
	return words[:at], words[at:]
}
