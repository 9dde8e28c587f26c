package cli

import (
	"slices"

	"github.com/urfave/cli/v2"

	"taskbench/compare/lineup"
	"taskbench/compare/micro"
	"taskbench/compare/words"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/results"
)

func microCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:  "micro",
		Usage: "run, import and compare Criterion microbenchmarks (cargo bench)",
		Subcommands: []*cli.Command{
			{Name: "run", Usage: "run cargo bench of several crates, alternating, and print them side by side",
				ArgsUsage: "NAME=CRATE... [-- CRITERION ARGUMENTS]",
				Description: "Every round is one process run of each crate, in random order. What follows -- is Criterion's:\n" +
					"taskbench micro run rust=../rust wj=../windjammer -- --measurement-time 2",
				Flags:  append(microFlags(), microRunFlags()...),
				Action: func(c *cli.Context) error { return runMicro(c, p) }},
			{Name: "import", Usage: "store what cargo bench left in target/criterion, or what critcmp or cargo-criterion wrote",
				ArgsUsage: "NAME=DIR|FILE[@BASELINES]...",
				Description: "DIR is a target/criterion folder or a crate; its latest run is one round. With @BASELINES every baseline\n" +
					"of Criterion's that fits is a round: rust=../rust@round-*. The same NAME again adds rounds.",
				Flags: []cli.Flag{documents.Flag(), microBaselineFlag(), console.FormatOf("text", "json"),
					&cli.StringFlag{Name: "unit", Usage: "`UNIT` of a custom measurement; folders do not tell it (default: ns)"}},
				Action: func(c *cli.Context) error { return importMicro(c, p) }},
			{Name: "compare", Usage: "print stored microbenchmarks side by side", ArgsUsage: "[A B]",
				Description: "Without arguments: the newest session. A and B are stored results, as in taskbench compare.",
				Flags:       microFlags(),
				Action:      func(c *cli.Context) error { return compareMicro(c, p) }},
		},
	}
}

func microBaselineFlag() cli.Flag {
	return &cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to (default: rust, else the first)"}
}

// microFlags are how figures are compared and printed.
func microFlags() []cli.Flag {
	return []cli.Flag{documents.Flag(), console.FormatFlag(), microBaselineFlag(),
		&cli.StringSliceFlag{Name: "match", Usage: "pair benchmarks that are named differently, `BASELINE=CANDIDATE` with * for what is the same: 'json/*=wj_json/*'"},
		&cli.StringFlag{Name: "statistic", Value: string(micro.Median), Usage: "what stands for a round: median, mean, slope or typical (slope, else mean)"},
		&cli.Float64Flag{Name: "margin", Usage: "how far from 1 a ratio is still parity, as a fraction (default: 0.05)"},
	}
}

func microRunFlags() []cli.Flag {
	return []cli.Flag{
		order.IgnoreLockFlag(),
		&cli.StringFlag{Name: "resume", Usage: "go on with an interrupted run, `[SESSION]` (default: the newest): same rounds, same seed, same order. Crates and arguments are named again"},
		&cli.IntFlag{Name: "rounds", Value: 10, Usage: "process runs of every crate, `N`"},
		&cli.Int64Flag{Name: "seed", EnvVars: []string{"TASKBENCH_SEED"}, Usage: "seed of the order within rounds (default: drawn, and recorded)"},
		&cli.StringFlag{Name: "cargo", EnvVars: []string{"CARGO"}, Usage: "the cargo to use, `PATH` (default: the one on PATH)"},
	}
}

func compareMicro(c *cli.Context, p console.Process) error {
	options, err := microOptions(c)
	if err != nil {
		return err
	}
	docs, err := documents.Microbenchmarks(documents.Open(c, p), c.Args().Slice())
	if err != nil {
		return err
	}
	options.First = documents.InOrder(c)
	return printMicro(p, docs, options, c.String("format"))
}

func microOptions(c *cli.Context) (micro.Options, error) {
	o := micro.Options{Options: lineup.Options{Baseline: c.String("baseline")}, Statistic: micro.Statistic(c.String("statistic")), Margin: c.Float64("margin")}
	if err := console.CheckFormat(c.String("format")); err != nil {
		return o, err
	}
	var allowed []string
	for _, s := range micro.Statistics {
		allowed = append(allowed, string(s))
	}
	if !slices.Contains(allowed, string(o.Statistic)) {
		return o, console.Usagef(string(o.Statistic), allowed, "unknown statistic %q", o.Statistic)
	}
	if c.IsSet("margin") && !(o.Margin > 0 && o.Margin < 1) {
		return o, console.BadFlag("--margin %v: must be above 0 and below 1 (0.05 is 5 %%)", o.Margin)
	}
	var err error
	if o.Match, err = micro.ParseMatches(c.StringSlice("match")); err != nil {
		return o, console.Exit(console.ExitUsage, err)
	}
	return o, nil
}

func printMicro(p console.Process, docs []results.Document, o micro.Options, format string) error {
	list := make([]results.Document, 0, len(docs))
	for _, d := range docs {
		if len(d.Micro.Benchmarks) > 0 {
			list = append(list, d)
		}
	}
	if len(list) == 0 {
		return nil // measured said why
	}
	c, err := micro.New(list, o)
	if err != nil {
		return err
	}
	return console.WritePage(p, words.Micro(c), format)
}
