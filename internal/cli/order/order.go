// Package order reads what a command line asks for: which servers, scenarios and load,
// from arguments, taskbench.yaml and environment.
package order

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/check"
	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/scenarios"
)

// Order is what a command line asks for: of which servers, by which scenarios.
type Order struct {
	Config config.Config
	Sites  []Site   // servers that are given by their URLs, instead of configured ones
	Words  []string // the other words: scenarios
	From   Supply   // where those are found
}

// New reads the words of a command. URLs alone are asked for their own
// paths; beside scenarios they only say where the servers are.
func New(c *cli.Context, words []string) (Order, error) {
	o := Order{}
	urls, words := SplitURLs(words)
	o.Words = words
	var err error
	if o.Sites, err = SitesOf(urls); err != nil {
		return o, err
	}
	if o.Config, err = Settings(c, o.Sites...); err != nil {
		return o, err
	}
	if len(o.Sites) > 0 && (len(words) > 0 || c.IsSet("suite")) {
		err = withoutPaths(o.Sites, strings.Join(append(words, "the suite")[:1], ""))
	}
	if err == nil && !o.ofURLs(c) {
		o.From, err = SupplyOf(c, o.Config)
	}
	return o, err
}

// ofURLs tells whether the URLs themselves are what is measured.
func (o Order) ofURLs(c *cli.Context) bool {
	return len(o.Sites) > 0 && len(o.Words) == 0 && !c.IsSet("suite")
}

// Scenarios are all that are asked for.
func (o *Order) Scenarios(c *cli.Context) ([]*scenarios.Scenario, error) {
	if !o.ofURLs(c) {
		loaded, err := Chosen(c, o.From, o.Words)
		if err != nil {
			return nil, err
		}
		return loaded, o.narrow(c, loaded)
	}
	s, err := GetScenario(o.Sites)
	if err != nil {
		return nil, console.Exit(console.ExitUsage, err)
	}
	return tagged(c.StringSlice("tag"), []*scenarios.Scenario{s})
}

// One is the scenario of a command that takes one, see oneScenario.
func (o *Order) One(c *cli.Context, usual string) (*scenarios.Scenario, error) {
	if o.ofURLs(c) {
		loaded, err := o.Scenarios(c)
		if err != nil {
			return nil, err
		}
		return loaded[0], nil
	}
	s, err := oneScenario(c, o.From, o.Words, usual)
	if err != nil {
		return nil, err
	}
	return s, o.narrow(c, []*scenarios.Scenario{s})
}

// narrow leaves the targets that the profile of the scenarios names, unless the
// command line says which.
func (o *Order) narrow(c *cli.Context, loaded []*scenarios.Scenario) error {
	var by *scenarios.Scenario
	for _, s := range loaded {
		switch {
		case len(s.Targets) == 0:
		case by == nil:
			by = s
		case !slices.Equal(by.Targets, s.Targets):
			return console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf("the profile %q names other targets in %s than in %s", s.Profile, s.Name, by.Name), "name them the same, or say which by --target"))
		}
	}
	if by == nil || len(o.Sites) > 0 || c.IsSet("target") {
		return nil
	}
	targets, err := pickTargets(by.Targets, o.Config.Targets)
	if err != nil {
		return err
	}
	o.Config.Targets = targets
	if !slices.ContainsFunc(targets, func(t server.Spec) bool { return t.Name == o.Config.Baseline }) {
		o.Config.Baseline = targets[0].Name
	}
	return nil
}

// guessed tells whether the built-in scenarios are meant for want of anything
// else.
func (o Order) guessed(c *cli.Context) bool {
	return !o.ofURLs(c) && len(o.Words) == 0 && !o.From.given && !LooksLikePath(o.From.Words[0])
}

// taskFlow is asked of servers of which nothing is known: it changes nothing on them.
const taskFlow = `
name: taskflow
flow:
  - {name: health, request: GET /health, expect: {status: 200, json: {status: exists, timestamp: exists}}}
  - {name: projects, request: GET /api/v1/projects, expect: {status: [200, 400, 401, 403]}}
`

// ForTaskFlow holds back the built-in scenarios, where they are only guessed,
// From servers that do not answer as TaskFlow.
func (o Order) ForTaskFlow(c *cli.Context) error {
	if !o.guessed(c) {
		return nil
	}
	s, err := scenarios.OfText("taskflow", []byte(taskFlow))
	if err != nil {
		return err
	}
	visits, err := check.All(c.Context, o.Config.Targets, check.How{}, []*scenarios.Scenario{s})
	if err != nil {
		told := err.Error()
		if place, ok := errors.AsType[*source.Error](err); ok {
			told = place.Message
		}
		return o.nothing(console.ExitFailed, told)
	}
	for _, v := range visits[0] {
		if bad, unmet := v.Failed(); unmet {
			return o.nothing(console.ExitUsage, fmt.Sprintf("%s does not answer as TaskFlow (GET %s: status %d)", v.Target, map[string]string{"health": "/health", "projects": "/api/v1/projects"}[bad.Step], bad.Status))
		}
		if v.Err != nil {
			return o.nothing(console.ExitFailed, v.Err.Error())
		}
	}
	return nil
}

// nothing says that nothing is named, and what may be.
func (o Order) nothing(code int, found string) error {
	var urls []string
	for _, t := range o.Config.Targets {
		urls = append(urls, strings.TrimSuffix(t.URL, "/")+"/")
	}
	return console.Exit(code, source.WithHint(fmt.Errorf("no scenario is named, there is none in this folder, and %s", found),
		fmt.Sprintf("two servers are compared by their URLs: taskbench run %s; taskbench init writes a scenario; --suite taskflow takes the built-in ones; taskbench demo needs no server", strings.Join(urls, " "))))
}
