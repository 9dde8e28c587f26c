package cli

import (
	"fmt"
	"net"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/source"
	"taskbench/internal/taskflow"
)

func serveCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "run the reference TaskFlow server, an instrument to try taskbench on",
		Description: "The whole TaskFlow API in memory, in the dialect of either implementation, slower, later,\n" +
			"wrong or leaky by a known amount. Its figures say nothing about Windjammer or Rust.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:3000", Usage: "listen on `HOST:PORT`"},
			&cli.StringFlag{Name: "dialect", Value: "rust", Usage: "statuses and bodies of `NAME`: " + taskflow.DialectNames()},
			&cli.StringFlag{Name: "slow", Value: "0%", Usage: "`PERCENT` more CPU work for every request, such as 8%"},
			&cli.DurationFlag{Name: "delay", Usage: "wait for `TIME`, such as 5ms, before every answer"},
			&cli.StringFlag{Name: "stall", Usage: "`LENGTH/EVERY`: answer nothing for a while again and again, such as 200ms/10s"},
			&cli.StringFlag{Name: "capacity", Usage: "answer at most `RATE`, such as 2000/s, one request after the other: beyond it they wait longer and longer"},
			&cli.StringFlag{Name: "error-rate", Value: "0%", Usage: "answer `PERCENT` of the requests with 500"},
			&cli.StringFlag{Name: "leak", Usage: "keep memory, at a `RATE` such as 1MB/s"},
			&cli.IntFlag{Name: "close-after", Usage: "close each connection after `N` answers"},
			&cli.BoolFlag{Name: "close-abruptly", Usage: "with --close-after: without announcing it"},
			&cli.IntFlag{Name: "bcrypt-cost", Usage: "of passwords, `N` from 4 (default) to 31; the real servers use 12"},
			&cli.BoolFlag{Name: "observe", Usage: "time every answer, and report at " + taskflow.StatsPath},
			&cli.Int64Flag{Name: "seed", Usage: "`N` chooses which requests --error-rate hits"},
		},
		Action: func(c *cli.Context) error { return serve(c, p) },
	}
}

func serve(c *cli.Context, p console.Process) error {
	cfg, err := serverConfig(c)
	if err != nil {
		return console.Exit(console.ExitUsage, err)
	}
	listener, err := net.Listen("tcp", c.String("addr"))
	if err != nil {
		return source.WithHint(fmt.Errorf("cannot listen: %w", err), "choose another address with --addr, or stop what is using it")
	}
	fmt.Fprintf(p.Stderr, "%s (%s dialect) on http://%s: press Ctrl-C to stop\n", taskflow.Name, cfg.Dialect, listener.Addr())
	if err := taskflow.New(cfg).Serve(c.Context, listener); err != nil && c.Context.Err() == nil {
		return err
	}
	return nil
}

func serverConfig(c *cli.Context) (taskflow.Config, error) {
	cfg := taskflow.Config{
		Delay: c.Duration("delay"), CloseAfter: c.Int("close-after"), CloseAbruptly: c.Bool("close-abruptly"),
		BcryptCost: c.Int("bcrypt-cost"), Observe: c.Bool("observe"), Seed: c.Int64("seed"),
	}
	var err error
	if cfg.Dialect, err = taskflow.ParseDialect(c.String("dialect")); err != nil {
		return cfg, fmt.Errorf("--dialect: %w", err)
	}
	if cfg.Slow, err = taskflow.ParsePercent(c.String("slow")); err != nil {
		return cfg, fmt.Errorf("--slow: %w", err)
	}
	if cfg.ErrorRate, err = taskflow.ParsePercent(c.String("error-rate")); err != nil {
		return cfg, fmt.Errorf("--error-rate: %w", err)
	}
	if cfg.Stall, err = taskflow.ParseStall(c.String("stall")); err != nil {
		return cfg, fmt.Errorf("--stall: %w", err)
	}
	if cfg.Capacity, err = taskflow.ParseRate(c.String("capacity")); err != nil {
		return cfg, fmt.Errorf("--capacity: %w", err)
	}
	if cfg.Leak, err = taskflow.ParseByteRate(c.String("leak")); err != nil {
		return cfg, fmt.Errorf("--leak: %w", err)
	}
	return cfg, cfg.Validate()
}
