package order

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/internal/source"
	"taskbench/scenarios"
	"taskbench/scenarios/folder"
)

// AllowOutside names the flag that lets scenarios read files beside their folder.
const AllowOutside = "allow-outside"

// OutsideFlag is --allow-outside.
func OutsideFlag() cli.Flag {
	return &cli.BoolFlag{Name: AllowOutside, EnvVars: []string{"TASKBENCH_ALLOW_OUTSIDE"}, Usage: "let scenarios read files outside of their own folder, and send them"}
}

// ScenarioFlags are of commands that take scenarios.
func ScenarioFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "suite", EnvVars: []string{"TASKBENCH_SUITE"}, Usage: "a set of built-in scenarios, `NAME`: taskflow (six, for the TaskFlow API)"},
		TagFlag(),
		ProfileFlag(),
		OutsideFlag(),
	}
}

// TagFlag is --tag.
func TagFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "tag", EnvVars: []string{"TASKBENCH_TAG"}, Usage: "only scenarios with the tag `WORD`; repeat for those with any of several"}
}

// ProfileFlag is --profile.
func ProfileFlag() cli.Flag {
	return &cli.StringFlag{Name: "profile", EnvVars: []string{"TASKBENCH_PROFILE"}, Usage: "the load, vars and targets that scenarios have under profiles: by the `NAME`"}
}

// ScenariosFolder is where scenarios are looked for first.
const ScenariosFolder = "scenarios"

// Supply is what a command chooses its scenarios from where none is named: one
// of files, or of names of built-in ones.
type Supply struct {
	Words []string
	where string // for sentences: "scenarios/", "taskbench.yaml"
	given bool   // somebody said so; else it is a guess, by what lies in the folder or for want of anything
}

// Builtins are those scenarios that are in the program.
func Builtins() Supply {
	return Supply{Words: scenarios.BuiltinNames(), where: "the built-in scenarios"}
}

// SupplyOf settles it: --suite, then scenarios: of the configuration, then the
// folder scenarios, then the scenarios in this folder, then the built-in ones.
func SupplyOf(c *cli.Context, cfg config.Config) (Supply, error) {
	switch {
	case cfg.Suite != "":
		s := Builtins()
		s.given = true
		return s, nil
	case len(cfg.Scenarios) > 0:
		return configured(cfg.Scenarios)
	}
	for _, dir := range []string{ScenariosFolder, "."} {
		files, err := folder.Scenarios(dir)
		if err != nil {
			return Supply{}, console.Exit(console.ExitUsage, err)
		}
		if len(files) > 0 {
			where := dir
			if dir == "." {
				where = "this folder"
			}
			return Supply{Words: asWords(files), where: where}, nil
		}
	}
	return Builtins(), nil
}

// configured are the files that a configuration names.
func configured(sources []config.Source) (Supply, error) {
	s := Supply{where: config.FileName, given: true}
	var problems source.List
	for _, entry := range sources {
		files, err := folder.Find(entry.Path)
		if err != nil {
			problem := entry.Place
			problem.Message = err.Error()
			if told, ok := errors.AsType[*source.Error](err); ok {
				problem.Message, problem.Hint = told.Message, told.Hint
			}
			problems.Add(&problem)
		}
		s.Words = append(s.Words, asWords(files)...)
	}
	if err := problems.Err(); err != nil {
		return s, console.Exit(console.ExitUsage, err)
	}
	slices.Sort(s.Words)
	s.Words = slices.Compact(s.Words)
	return s, nil
}

// asWords writes files as they are named on a command line, so that none is
// taken for the name of a scenario.
func asWords(files []string) []string {
	words := slices.Clone(files)
	for i, f := range words {
		if !LooksLikePath(f) {
			words[i] = "." + string(filepath.Separator) + f
		}
	}
	return words
}

// Chosen are the scenarios that words mean, or all of the supply where there
// are no words, and of those the ones with a tag that is asked for. Every
// problem of every file is reported.
func Chosen(c *cli.Context, from Supply, words []string) ([]*scenarios.Scenario, error) {
	if len(words) == 0 {
		words = from.Words
	}
	var files []string
	var errs []error
	for _, word := range words {
		found, err := from.find(c, word)
		errs = append(errs, err)
		files = append(files, found...)
	}
	var loaded []*scenarios.Scenario
	seen := map[string]string{}
	for _, file := range files {
		s, err := LoadScenario(c, file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if other, twice := seen[s.Name]; twice {
			errs = append(errs, console.BadFlag("%s and %s are both named %q: results are kept by name", other, file, s.Name))
		}
		seen[s.Name] = file
		loaded = append(loaded, s)
	}
	if err := cmp.Or(errors.Join(errs...), scenarios.CheckProfile(c.String("profile"), loaded)); err != nil {
		return nil, console.Exit(console.ExitUsage, err)
	}
	return tagged(c.StringSlice("tag"), loaded)
}

// find gives what a word means: files where it looks like a path, else a
// scenario by its name, of the supply before a built-in one, else a folder.
func (s Supply) find(c *cli.Context, word string) ([]string, error) {
	if LooksLikePath(word) {
		files, err := folder.Find(word)
		if err != nil && isAddress.MatchString(word) {
			err = source.WithHint(fmt.Errorf("%s is no scenario file", word), "a server is given as a URL: http://"+word)
		}
		return asWords(files), err
	}
	var names []string
	for _, file := range s.Words {
		if !LooksLikePath(file) {
			continue
		}
		if loaded, err := LoadScenario(c, file); err == nil {
			if loaded.Name == word {
				return []string{file}, nil
			}
			names = append(names, loaded.Name)
		}
	}
	if slices.Contains(scenarios.BuiltinNames(), word) {
		return []string{word}, nil
	}
	if info, err := os.Stat(word); err == nil && info.IsDir() {
		files, err := folder.Find(word)
		return asWords(files), err
	}
	if isAddress.MatchString(word) {
		return nil, UsageHint("a server is given as a URL: http://"+word, "no scenario is named %q", word)
	}
	if len(names) == 0 {
		_, err := scenarios.Builtin(word) // there is none, and it says what there is
		return nil, err
	}
	return nil, console.Usagef(word, slices.Concat(names, scenarios.BuiltinNames()), "no scenario %q in %s, nor a built-in one", word, s.where)
}

// isAddress tells a server's address without its scheme: localhost:3000/health.
var isAddress = regexp.MustCompile(`^(\w[\w.-]*|\[[0-9a-fA-F:]+\]):\d+(/.*)?$`)

// tagged are the scenarios with one of the tags; all of them where none is asked for.
func tagged(tags []string, loaded []*scenarios.Scenario) ([]*scenarios.Scenario, error) {
	var all []string
	for _, s := range loaded {
		all = append(all, s.Tags...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, tag := range tags {
		if !slices.Contains(all, tag) {
			hint := "give a scenario tags: [" + tag + "]"
			if len(all) > 0 {
				hint = source.Allowed(tag, all)
			}
			return nil, UsageHint(hint, "no scenario here has the tag %q", tag)
		}
	}
	if len(tags) == 0 {
		return loaded, nil
	}
	return slices.DeleteFunc(loaded, func(s *scenarios.Scenario) bool {
		return !slices.ContainsFunc(s.Tags, func(tag string) bool { return slices.Contains(tags, tag) })
	}), nil
}

// LoadScenario reads a file, or takes the built-in scenario of that name.
func LoadScenario(c *cli.Context, word string) (*scenarios.Scenario, error) {
	if LooksLikePath(word) {
		return scenarios.LoadProfile(word, c.String("profile"), c.Bool(AllowOutside))
	}
	return scenarios.Builtin(word)
}

// LooksLikePath tells a file or folder from the name of a scenario.
func LooksLikePath(word string) bool {
	return folder.IsFile(word) || strings.ContainsAny(word, string(filepath.Separator)+"*?[") || word == "." || word == ".."
}

// oneScenario is the scenario of a command that takes one: the one named, the
// only one of the supply, or usual where that is built-in.
func oneScenario(c *cli.Context, from Supply, words []string, usual string) (*scenarios.Scenario, error) {
	if len(words) > 1 {
		return nil, UsageHint(fmt.Sprintf("taskbench %s %s", c.Command.Name, words[0]), "%s: one scenario at a time", strings.Join(words, " "))
	}
	if len(words) == 0 && usual != "" && slices.Contains(from.Words, usual) {
		words = []string{usual}
	}
	loaded, err := Chosen(c, from, words)
	if err != nil {
		return nil, err
	}
	if len(loaded) > 1 {
		names := make([]string, len(loaded))
		for i, s := range loaded {
			names[i] = s.Name
		}
		return nil, console.BadFlag("name one scenario; there are: %s", strings.Join(names, ", "))
	}
	return loaded[0], nil
}

// UsageHint is a usage error with a hint.
func UsageHint(hint, format string, args ...any) error {
	return console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf(format, args...), hint))
}
