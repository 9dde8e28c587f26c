package cli

import (
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"taskbench/internal/source"
	"taskbench/parse"
)

func parseCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "parse",
		Usage:     "turn the output of wrk or wrk2 into JSON",
		ArgsUsage: "[FILE|-]",
		Description: "Reads text of any version, of several runs, with or without the block of a generated script.\n" +
			"All figures are in base units that their keys name; what was not printed is absent.",
		Flags: []cli.Flag{formatOf("json")},
		Action: func(c *cli.Context) error {
			if c.NArg() > 1 {
				return badFlag("give one file: several runs may stand in it one after another")
			}
			name, in, err := openInput(p, c.Args().First())
			if err != nil {
				return err
			}
			defer in.Close()
			reports, err := parse.Wrk(name, in)
			if err != nil {
				return err
			}
			return writeJSON(p.Stdout, parsedRuns{reports})
		},
	}
}

// parsedRuns is what `parse` prints.
type parsedRuns struct {
	Runs []parse.Report `json:"runs"`
}

func openInput(p Process, name string) (string, io.ReadCloser, error) {
	if name == "" || name == "-" {
		return "standard input", io.NopCloser(p.Stdin), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return name, nil, source.WithHint(err, "name a file with what wrk printed, or pipe it in: wrk … | taskbench parse -")
	}
	return name, f, nil
}
