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
		ArgsUsage: "[FILE|-] | --join FILE... | --k6 FILE...",
		Description: "Reads text of any version, of several runs, with or without the block of a generated script, also quoted or from logs.\n" +
			"In JSON all figures are in base units that their keys name; what was not printed is absent.\n" +
			"With --join, files of several processes that sent one load together, each with a share of it (TASKBENCH_SHARE), make one run: counts and\n" +
			"buckets are added up. A share that is missing or there twice, another run, script or seed, or another time is an error.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: text or json (default: text at a terminal, else json)"},
			&cli.BoolFlag{Name: "buckets", Usage: "every bucket of the histograms too"},
			&cli.BoolFlag{Name: "join", Usage: "make one run of the shares of several processes, a FILE each"},
			k6Flag(),
		},
		Action: func(c *cli.Context) error { return parseOutput(c, p) },
	}
}

func parseOutput(c *cli.Context, p console.Process) error {
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
	names := c.Args().Slice()
	switch {
	case c.Bool("k6") && c.Bool("join"):
		return nil, console.BadFlag("--join is for what wrk printed, and --k6 joins logs by itself: give one of them")
	case c.Bool("k6"):
		return mergedLogs(p, names)
	case c.Bool("join"):
		return joinedRuns(p, names)
	case len(names) > 1:
		return nil, console.BadFlag("give one file: several runs may stand in it one after another, and --join adds the shares of one run up")
	}
	_, runs, err := readRuns(p, c.Args().First())
	return runs, err
}

// joinedRuns is the one run that the shares in several files make.
func joinedRuns(p console.Process, files []string) ([]parse.Printout, error) {
	if len(files) == 0 {
		return nil, console.BadFlag("--join needs the files of all shares: taskbench parse --join FILE...")
	}
	var names []string
	var texts [][]parse.Printout
	for _, file := range files {
		name, runs, err := readRuns(p, file)
		if err != nil {
			return nil, err
		}
		names, texts = append(names, name), append(texts, runs)
	}
	run, err := parse.Join(names, texts)
	return []parse.Printout{run}, err
}

func readRuns(p console.Process, file string) (string, []parse.Printout, error) {
	name, in, err := openInput(p, file)
	if err != nil {
		return name, nil, err
	}
	defer in.Close()
	runs, err := parse.Wrk(name, in)
	return name, runs, err
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
