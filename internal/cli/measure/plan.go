package measure

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/verdict"
	"taskbench/internal/arrivals"
	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/internal/files"
	"taskbench/internal/shell"
	"taskbench/internal/source"
	"taskbench/results"
	"taskbench/scenarios"
)

// newPlan lays a run out. What it cannot know, seed and session, is drawn here.
func newPlan(cfg config.Config, loaded []*scenarios.Scenario, o options) (bench.Plan, error) {
	seed := rand.Int64N(1 << 31)
	if cfg.Seed != nil {
		seed = *cfg.Seed
	}
	auto, pairs := cfg.Pairs == config.AutoPairs && !o.quick, cfg.Pairs
	if o.quick {
		pairs = 1
	}
	rule := verdict.NewRule(pairs, auto, o.quick, verdict.DefaultMargin)
	for metric, margin := range o.margins {
		if rule.Margins == nil {
			rule.Margins = map[string]float64{}
		}
		rule.Margins[metric.Key] = margin
	}
	p := bench.Plan{
		Session: NewSession(time.Now()), Targets: slices.Clone(cfg.Targets), Baseline: cfg.Baseline,
		Scenarios: loaded, Pairs: rule.Looks[len(rule.Looks)-1].Pairs, Rule: rule, Seed: seed, Reset: cfg.Reset,
		Cells:   bench.NewCells(loaded, bench.Overrides{Connections: cfg.Connections, Duration: cfg.Duration, Warmup: cfg.Warmup, Rate: cfg.Rate, Arrival: cfg.Arrival}),
		InSlots: !cfg.InTurn, Slot: cfg.Slot, Stretch: bench.DefaultStretch, StartFloor: floorFor(cfg), Limit: cfg.MaxTime, Indicators: indicators(cfg, loaded),
	}
	if cfg.Duration == 0 {
		p.PairLeast, p.PairMost = pairLength(p.Pairs)
	}
	if err := reachable(p.Cells, cfg.Duration); err != nil {
		return p, console.Exit(console.ExitUsage, err)
	}
	if err := pin(&p, cfg.Pin); err != nil {
		return p, err
	}
	return p, sentBy(&p, cfg)
}

// reachable refuses rates that no server can let the virtual users keep up.
func reachable(cells []bench.Cell, duration time.Duration) error {
	for _, c := range cells {
		if len(c.Rate.Stages) > 0 && duration > 0 {
			return source.WithHint(fmt.Errorf("%s has stages, which say how long they take", c.Scenario.Name), "leave the duration out (--duration, run.duration), or give one --rate")
		}
		users := c.Connections
		if c.AutoUsers {
			users = arrivals.MostUsers
		}
		requests, pauses := c.Scenario.Iteration()
		if err := c.Rate.Reach(users, requests, pauses); err != nil {
			return fmt.Errorf("%s: %w", c.Scenario.Name, err)
		}
	}
	return nil
}

// indicators are those of the configuration, else of the suite where all of it is
// built in.
func indicators(cfg config.Config, loaded []*scenarios.Scenario) []scenarios.Bound {
	own := slices.ContainsFunc(loaded, func(s *scenarios.Scenario) bool { return !strings.HasPrefix(s.File, "builtin:") })
	if cfg.Indicators != nil || own {
		return cfg.Indicators
	}
	return scenarios.SuiteIndicators()
}

// For how long each server of a pair has slots, where nobody asks for a duration:
// more of them, each with fresh servers, say more than long ones do.
const (
	shortPair = 2 * time.Second
	longPair  = 4 * time.Second
)

// pairLength bounds the length of so many pairs. Too few cannot tell what length
// is best.
func pairLength(pairs int) (least, most time.Duration) {
	if pairs < compare.LeastSplit {
		return longPair, longPair
	}
	return shortPair, longPair
}

// pin puts servers and generator on cores of their own.
func pin(p *bench.Plan, text string) error {
	servers, generator, err := config.ParsePin(text)
	if err != nil {
		return console.Exit(console.ExitUsage, fmt.Errorf("--pin: %w", err))
	}
	for i := range p.Targets {
		if len(servers) > 0 && p.Targets[i].Start == "" {
			return console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf("--pin: %s is not started by taskbench, which cannot move it to other cores", p.Targets[i].Name),
				"give its command with start: in taskbench.yaml, or pin both by hand with taskset"))
		}
		p.Targets[i].CPUs = servers
	}
	p.ServerCPUs, p.GeneratorCPUs = servers, generator
	return nil
}

// NewSession names a run: sortable by time, unlike any other, short enough to
// be part of a user name.
func NewSession(now time.Time) string {
	return strconv.FormatInt(now.Unix(), 36) + fmt.Sprintf("%04x", rand.N(1<<16))
}

// planned are the flags that a resumed run takes from its first part.
var planned = []string{"engine", "quick", "margin", "pairs", "duration", "warmup", "connections", "rate", "arrival", "seed", "pin", "in-turn", "slot", "baseline"}

// resume goes on with an interrupted run.
func resume(c *cli.Context, p console.Process, asked order.Order, o options) error {
	for _, name := range planned {
		if slices.Contains(c.LocalFlagNames(), name) {
			return console.BadFlag("--resume goes on as the run was planned: leave --%s out", name)
		}
	}
	docs, err := documents.Open(c, p).Interrupted(results.LoadTest, c.String("resume"))
	if err != nil {
		return err
	}
	cfg := asked.Config
	for _, word := range asked.Words {
		if !slices.ContainsFunc(docs[0].Scenarios, func(m results.Measurement) bool { return m.File == word || m.Scenario == word }) {
			return console.BadFlag("--resume measures the scenarios of the run it goes on with, and %s is none of them: leave it out", word)
		}
	}
	order.Learn(p.Secrets, cfg.Targets, nil)
	order.AsConfigured(p.Secrets, docs, cfg.Targets, cfg.Reset)
	plan, docs, err := bench.Resume(docs, loadAgain(c, asked), cfg.Targets, cfg.Reset)
	if err != nil {
		return err
	}
	if err := bench.SameHosts(docs, asAsked(cfg)); err != nil {
		return err
	}
	for i := range plan.Targets {
		plan.Targets[i].Remote = plan.Targets[i].Remote || c.Bool("allow-remote")
	}
	if cfg.MaxTime == 0 && !c.IsSet("max-time") {
		cfg.MaxTime = plan.Limit // for as long again
	}
	plan.Limit = cfg.MaxTime
	plan.Attempt = strconv.FormatInt(time.Now().Unix()%(36*36*36), 36)
	o.goOn = goOn(c, plan.Session, plan.Scenarios)
	return measure(c.Context, p, cfg, o, plan, docs)
}

// loadAgain gives the scenarios of a stored run. Those are files that the
// command line names, or that lie in the current folder: a document does not
// say what else is read here, and sent to a server.
func loadAgain(c *cli.Context, asked order.Order) func(name, file string) (*scenarios.Scenario, error) {
	return func(name, file string) (*scenarios.Scenario, error) {
		switch {
		case file == "":
			return scenarios.Builtin(name)
		case order.FromURLs(file) && len(asked.Sites) > 0:
			return order.GetScenario(asked.Sites) // what is stored of them lacks their secrets
		case order.FromURLs(file):
			return order.GetAgain(file)
		case !slices.Contains(asked.Words, file) && leadsOut(file):
			return nil, source.WithHint(fmt.Errorf("the scenario %s was read from %q, which is not in this folder", name, file),
				"if that is the one you mean, name it: taskbench run --resume SESSION FILE.yaml")
		}
		return order.StoredScenario(c, file)
	}
}

// leadsOut reports whether a path, or a link on the way, leads out of the
// current folder.
func leadsOut(file string) bool { return errors.Is(files.Inside(".", file), files.ErrOutside) }

// goOn is the command that goes on with a run when it is interrupted: what it
// was told of servers, commands and folders it has to be told again.
func goOn(c *cli.Context, session string, loaded []*scenarios.Scenario) string {
	words := []string{"taskbench run --resume " + session}
	for _, name := range []string{"config", "reset", "results", "wrk", "hosts", "profile"} {
		if slices.Contains(c.LocalFlagNames(), name) {
			words = append(words, "--"+name+" "+shell.Argument(c.String(name)))
		}
	}
	if c.IsSet("max-time") {
		words = append(words, "--max-time "+c.Duration("max-time").String())
	}
	for _, name := range []string{"allow-remote", order.AllowOutside} {
		if c.Bool(name) {
			words = append(words, "--"+name)
		}
	}
	for _, target := range c.StringSlice("target") {
		words = append(words, "--target "+shell.Argument(target))
	}
	for _, s := range loaded {
		switch {
		case strings.HasPrefix(s.File, "builtin:"):
		case order.FromURLs(s.File):
			for _, word := range strings.Fields(s.File) {
				words = append(words, shell.Argument(word))
			}
		case leadsOut(s.File):
			words = append(words, shell.Argument(s.File))
		}
	}
	return strings.Join(words, " ")
}
