package cli

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/internal/config"
	"taskbench/internal/target"
)

// demoSlow is what the demo's second server is slower by, so that there is
// something to see.
const demoSlow = "8%"

func demoCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "demo",
		Usage:     "run every built-in scenario against two reference servers, one of them slowed by " + demoSlow,
		ArgsUsage: "[SCENARIO|FILE.yaml...]",
		Description: "Needs nothing but wrk. The servers are taskbench's own: their figures say nothing about\n" +
			"Windjammer or Rust, and are labelled so.",
		Flags: append(loadFlags(), resultsFlag(), formatFlag()),
		Action: func(c *cli.Context) error {
			cfg, err := demoConfig(c)
			if err != nil {
				return err
			}
			loaded, err := loadScenarios(c.Args().Slice())
			if err != nil {
				return err
			}
			return measure(c.Context, p, cfg, loaded, c.String("format"))
		},
	}
}

// demoConfig is two servers of this very program on free ports, and trials
// short enough that the whole takes less than three minutes.
func demoConfig(c *cli.Context) (config.Config, error) {
	cfg, err := settings(c)
	if err != nil {
		return cfg, err
	}
	self, err := os.Executable()
	if err != nil {
		return cfg, err
	}
	if !c.IsSet("pairs") {
		cfg.Pairs = 3
	}
	if !c.IsSet("duration") {
		cfg.Duration = 2 * time.Second
	}
	if !c.IsSet("warmup") {
		warmup := 500 * time.Millisecond
		cfg.Warmup = &warmup
	}
	cfg.Baseline, cfg.Targets = "rust", nil
	for _, d := range []struct{ name, slow string }{{"windjammer", demoSlow}, {"rust", "0%"}} {
		port, err := freePort()
		if err != nil {
			return cfg, err
		}
		address := net.JoinHostPort("127.0.0.1", fmt.Sprint(port))
		cfg.Targets = append(cfg.Targets, target.Spec{
			Name: d.name, URL: "http://" + address, Ready: "/health",
			Start: fmt.Sprintf("%q serve --addr %s --dialect %s --slow %s", filepath.ToSlash(self), address, d.name, d.slow),
		})
	}
	return cfg, nil
}

// freePort asks the system for a port nobody uses at this moment.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
