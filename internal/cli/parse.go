package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/files"
	"taskbench/internal/source"
	"taskbench/parse"
	"taskbench/parse/words"
)

func parseCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "parse",
		Usage:     "read the output of wrk or wrk2, or the logs of k6",
		ArgsUsage: "[FILE|-] | --k6 FILE...",
		Description: "Reads text of any version, of several runs, with or without the block of a generated script, also quoted or from logs.\n" +
			"In JSON all figures are in base units that their keys name; what was not printed is absent.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: text or json (default: text at a terminal, else json)"},
			&cli.BoolFlag{Name: "buckets", Usage: "every bucket of the histograms too"},
			k6Flag(),
		},
		Action: func(c *cli.Context) error { return parseOutput(c, p) },
	}
}

func parseOutput(c *cli.Context, p console.Process) error {
	if c.NArg() > 1 && !c.Bool("k6") {
		return console.BadFlag("give one file: several runs may stand in it one after another")
	}
	text := p.Terminal.Stdout
	switch format := c.String("format"); format {
	case "":
	case "text", "json":
		text = format == "text"
	default:
		return console.Usagef(format, []string{"text", "json"}, "unknown format %q", format)
	}
	reports, err := leftBehind(c, p)
	if err != nil {
		return err
	}
	if text {
		return words.Runs(p.Stdout, reports, words.Options{Buckets: c.Bool("buckets"), Width: p.Width, ASCII: p.Ascii()})
	}
	if !c.Bool("buckets") {
		for i := range reports {
			reports[i].Block.DropBuckets()
		}
	}
	return console.WriteJSON(p.Stdout, parsedRuns{reports})
}

// leftBehind is what generators printed or logged, run by run.
func leftBehind(c *cli.Context, p console.Process) ([]parse.Printout, error) {
	if c.Bool("k6") {
		return mergedLogs(p, c.Args().Slice())
	}
	name, in, err := openInput(p, c.Args().First())
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return parse.Wrk(name, in)
}

// parsedRuns is what `parse` prints.
type parsedRuns struct {
	Runs []parse.Printout `json:"runs"`
}

func openInput(p console.Process, name string) (string, io.ReadCloser, error) {
	if name == "" || name == "-" {
		return "standard input", io.NopCloser(p.Stdin), nil
	}
	f, err := files.Open(name)
	if errors.Is(err, files.ErrNotPlain) {
		err = fmt.Errorf("cannot read %s: %w", name, err)
	}
	if err != nil {
		return name, nil, source.WithHint(err, "name a file with what wrk printed, or pipe it in: wrk … | taskbench parse -")
	}
	return name, f, nil
}
