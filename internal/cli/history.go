package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/results"
)

func historyCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "history",
		Usage:     "the trend over stored runs, with the steps that are more than noise",
		ArgsUsage: "[SCENARIO]",
		Description: "Each run is compared with the one before it: the ratio to the baseline where both were measured,\n" +
			"so that a slower machine is no step. Marked is what is proven, adjusted for how often was looked, and\n" +
			"stands out from what is usual between runs (see docs/method.md).",
		Flags: []cli.Flag{resultsFlag(), listFormatFlag(),
			&cli.StringFlag{Name: "metric", Value: "throughput", Usage: "the `METRIC`: " + strings.Join(compare.JudgedNames(), ", ")},
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			&cli.IntFlag{Name: "last", Value: 50, Usage: "look at the newest `N` runs"},
		},
		Action: func(c *cli.Context) error { return history(c, p) },
	}
}

func history(c *cli.Context, p Process) error {
	metric, known := compare.MetricNamed(c.String("metric"))
	switch {
	case !known:
		return usagef(c.String("metric"), compare.JudgedNames(), "unknown metric %q", c.String("metric"))
	case c.NArg() > 1:
		return badFlag("name one scenario, or none for all of them")
	case c.Int("last") < 1:
		return badFlag("--last %d: look at one run at least", c.Int("last"))
	}
	docs, err := runDocuments(openStore(c, p), c.Int("last"))
	if err != nil {
		return err
	}
	trend, err := compare.NewTrend(docs, metric, c.Args().First(), compare.Options{Baseline: c.String("baseline")})
	if err != nil {
		return err
	}
	if c.String("format") == "json" {
		return writeJSON(p.Stdout, trend)
	}
	return writeTrend(p.Stdout, trend)
}

// runDocuments reads the load tests of the newest sessions. Files that cannot
// be read are told to the store, and skipped.
func runDocuments(store *results.Store, last int) ([]results.Document, error) {
	sessions, problems := store.Sessions()
	for _, problem := range problems {
		store.Skipped(problem)
	}
	var docs []results.Document
	for _, s := range sessions {
		tests := slices.DeleteFunc(slices.Clone(s.Entries), func(e results.Entry) bool { return e.Kind != results.LoadTest })
		if len(tests) == 0 {
			continue
		}
		if last--; last < 0 {
			break
		}
		for _, e := range tests {
			doc, err := results.ReadFile(e.Path)
			if err != nil {
				store.Skipped(err)
				continue
			}
			docs = append(docs, *doc)
		}
	}
	if len(docs) == 0 {
		return nil, fmt.Errorf("no load test in %s: taskbench run measures", store.Dir)
	}
	return docs, nil
}

func writeTrend(out io.Writer, t *compare.Trend) error {
	for i, s := range t.Series {
		if i > 0 {
			fmt.Fprintln(out)
		}
		title := fmt.Sprintf("%s, %d connections: %s of %s", s.Scenario, s.Connections, t.Metric.Name(), s.Target)
		if s.Control != "" {
			title += ", and its ratio to " + s.Control
		}
		fmt.Fprintln(out, title)
		if err := writeSeries(out, t, s); err != nil {
			return err
		}
	}
	for _, n := range t.Notes {
		fmt.Fprintln(out, "! "+n)
	}
	return nil
}

func writeSeries(out io.Writer, t *compare.Trend, s compare.TrendSeries) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	header := "  RUN\tSESSION\tPAIRS\t" + strings.ToUpper(t.Metric.Name())
	if s.Control != "" {
		header += "\tRATIO"
	}
	fmt.Fprintln(w, header+"\tSTEP")
	medians := make([]*float64, len(s.Points))
	for i := range s.Points {
		medians[i] = &s.Points[i].Median
	}
	figures := t.Metric.Figures(medians)
	for i, p := range s.Points {
		fmt.Fprintf(w, "  %s\t%s\t%d\t%s\t", p.Created.Local().Format("2006-01-02 15:04"), p.Session, p.Pairs, figures[i])
		if s.Control != "" && p.Ratio != nil {
			fmt.Fprintf(w, "%.3f\t", p.Ratio.Ratio)
		}
		fmt.Fprintln(w, stepText(p))
	}
	return w.Flush()
}

func stepText(p compare.TrendPoint) string {
	switch {
	case p.Break != "":
		return "not compared: " + p.Break
	case p.Step:
		return "◀ " + p.Change.Text()
	}
	return ""
}
