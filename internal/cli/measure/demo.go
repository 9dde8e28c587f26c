package measure

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/internal/server"
	"taskbench/internal/source"
)

// demoSlow is what the demo's second server is slower by, so that there is
// something to see.
const demoSlow = "8%"

// A demo of six scenarios and two servers is to take less than three minutes on
// two cores: few pairs, and short ones. Of pairs in slots one more says more than
// longer ones do.
const (
	demoPairs    = 7
	demoDuration = 800 * time.Millisecond
	demoWarmup   = 300 * time.Millisecond
)

func demoCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:  "demo",
		Usage: "run every built-in scenario against two reference servers, one of them slowed by " + demoSlow,
		Description: "Needs nothing but wrk. The servers are taskbench's own: their figures say nothing about\n" +
			"Windjammer or Rust, and are labelled so.",
		ArgsUsage: "[SCENARIO|FILE.yaml...]",
		Flags:     slices.Concat(order.LoadFlags(), verdictFlags(), []cli.Flag{order.TagFlag(), order.OutsideFlag(), documents.Flag(), console.FormatFlag()}),
		Action: func(c *cli.Context) error {
			cfg, err := demoConfig(c)
			if err != nil {
				return err
			}
			o, err := runOptions(c)
			if err != nil {
				return err
			}
			if urls, _ := order.SplitURLs(c.Args().Slice()); len(urls) > 0 {
				return order.UsageHint("taskbench run "+strings.Join(urls, " "), "%s: the demo brings its own servers", urls[0])
			}
			loaded, err := order.Chosen(c, order.Builtins(), c.Args().Slice())
			if err != nil {
				return err
			}
			plan, err := newPlan(cfg, loaded, o)
			if err != nil {
				return err
			}
			fmt.Fprint(p.Stderr, demoText(cfg))
			return measure(c.Context, p, cfg, o, plan, nil)
		},
	}
}

// demoText says what the figures are of, and how much they can tell.
func demoText(cfg config.Config) string {
	text := "demo: two reference servers; \"windjammer\" needs " + demoSlow + " more CPU time for the same work, by design\n"
	if cfg.Pairs == demoPairs && cfg.Duration == demoDuration {
		text += fmt.Sprintf("demo: %d pairs of %v show %s more CPU time over all scenarios, and in few of them by itself. What this machine can show:\n"+
			"      taskbench calibrate --demo. A real run: --pairs auto --duration 2s\n",
			demoPairs, demoDuration, demoSlow)
	}
	return text
}

// demoConfig is two servers of this very program on free ports.
func demoConfig(c *cli.Context) (config.Config, error) {
	cfg, err := order.Settings(c)
	if err != nil {
		return cfg, err
	}
	if !c.IsSet("pairs") {
		cfg.Pairs = demoPairs
	}
	if !c.IsSet("duration") {
		cfg.Duration = demoDuration
	}
	if !c.IsSet("warmup") {
		warmup := demoWarmup
		cfg.Warmup = &warmup
	}
	cfg.Targets, err = referenceServers(cfg)
	if err == nil {
		cfg.Baseline = cfg.Targets[0].Name
	}
	return cfg, err
}

// referenceServers are the demo's two servers: this very program, twice, on
// free ports. The first is not slowed. They listen for this machine alone.
func referenceServers(cfg config.Config) ([]server.Spec, error) {
	if i := slices.IndexFunc(cfg.Hosts, away); i >= 0 {
		return nil, console.Exit(console.ExitUsage, source.WithHint(fmt.Errorf("the servers that the demo brings listen for this machine alone, and not for %s", cfg.Hosts[i].Name),
			"--hosts none, or local:2; for hosts start such servers at an address that they reach: taskbench serve --addr ADDRESS:PORT"))
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var specs []server.Spec
	for _, d := range []struct{ name, slow string }{{"rust", "0%"}, {"windjammer", demoSlow}} {
		port, err := server.FreePort()
		if err != nil {
			return nil, err
		}
		address := net.JoinHostPort("127.0.0.1", fmt.Sprint(port))
		specs = append(specs, server.Spec{
			Name: d.name, URL: "http://" + address, Ready: "/health",
			Start: fmt.Sprintf("%q serve --addr %s --dialect %s --slow %s", filepath.ToSlash(self), address, d.name, d.slow),
		})
	}
	return specs, nil
}
