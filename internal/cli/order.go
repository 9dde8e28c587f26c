package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/check"
	"taskbench/internal/config"
	"taskbench/internal/source"
	"taskbench/scenarios"
)

// order is what a command line asks for: of which servers, by which scenarios.
type order struct {
	cfg   config.Config
	sites []site   // servers that are given by their URLs, instead of configured ones
	words []string // the other words: scenarios
	from  supply   // where those are found
}

// newOrder reads the words of a command. URLs alone are asked for their own
// paths; beside scenarios they only say where the servers are.
func newOrder(c *cli.Context, words []string) (order, error) {
	o := order{}
	urls, words := splitURLs(words)
	o.words = words
	var err error
	if o.sites, err = sitesOf(urls); err != nil {
		return o, err
	}
	if o.cfg, err = settings(c, o.sites...); err != nil {
		return o, err
	}
	if len(o.sites) > 0 && (len(words) > 0 || c.IsSet("suite")) {
		err = withoutPaths(o.sites, strings.Join(append(words, "the suite")[:1], ""))
	}
	if err == nil && !o.ofURLs(c) {
		o.from, err = supplyOf(c, o.cfg)
	}
	return o, err
}

// ofURLs tells whether the URLs themselves are what is measured.
func (o order) ofURLs(c *cli.Context) bool {
	return len(o.sites) > 0 && len(o.words) == 0 && !c.IsSet("suite")
}

// scenarios are all that are asked for.
func (o order) scenarios(c *cli.Context) ([]*scenarios.Scenario, error) {
	if !o.ofURLs(c) {
		return chosen(c, o.from, o.words)
	}
	s, err := getScenario(o.sites)
	if err != nil {
		return nil, exit(ExitUsage, err)
	}
	return tagged(c.StringSlice("tag"), []*scenarios.Scenario{s})
}

// one is the scenario of a command that takes one, see oneScenario.
func (o order) one(c *cli.Context, usual string) (*scenarios.Scenario, error) {
	if o.ofURLs(c) {
		loaded, err := o.scenarios(c)
		if err != nil {
			return nil, err
		}
		return loaded[0], nil
	}
	return oneScenario(c, o.from, o.words, usual)
}

// guessed tells whether the built-in scenarios are meant for want of anything
// else.
func (o order) guessed(c *cli.Context) bool {
	return !o.ofURLs(c) && len(o.words) == 0 && !o.from.given && !looksLikePath(o.from.words[0])
}

// taskFlow is asked of servers of which nothing is known: it changes nothing on them.
const taskFlow = `
name: taskflow
flow:
  - {name: health, request: GET /health, expect: {status: 200, json: {status: exists, timestamp: exists}}}
  - {name: projects, request: GET /api/v1/projects, expect: {status: [200, 400, 401, 403]}}
`

// forTaskFlow holds back the built-in scenarios, where they are only guessed,
// from servers that do not answer as TaskFlow.
func (o order) forTaskFlow(c *cli.Context) error {
	if !o.guessed(c) {
		return nil
	}
	s, err := scenarios.OfText("taskflow", []byte(taskFlow))
	if err != nil {
		return err
	}
	visits, err := check.All(c.Context, o.cfg.Targets, check.How{}, []*scenarios.Scenario{s})
	if err != nil {
		told := err.Error()
		if place, ok := errors.AsType[*source.Error](err); ok {
			told = place.Message
		}
		return o.nothing(ExitFailed, told)
	}
	for _, v := range visits[0] {
		if bad, unmet := v.Failed(); unmet {
			return o.nothing(ExitUsage, fmt.Sprintf("%s does not answer as TaskFlow (GET %s: status %d)", v.Target, map[string]string{"health": "/health", "projects": "/api/v1/projects"}[bad.Step], bad.Status))
		}
		if v.Err != nil {
			return o.nothing(ExitFailed, v.Err.Error())
		}
	}
	return nil
}

// nothing says that nothing is named, and what may be.
func (o order) nothing(code int, found string) error {
	var urls []string
	for _, t := range o.cfg.Targets {
		urls = append(urls, strings.TrimSuffix(t.URL, "/")+"/")
	}
	return exit(code, source.WithHint(fmt.Errorf("no scenario is named, there is none in this folder, and %s", found),
		fmt.Sprintf("two servers are compared by their URLs: taskbench run %s; taskbench init writes a scenario; --suite taskflow takes the built-in ones; taskbench demo needs no server", strings.Join(urls, " "))))
}
