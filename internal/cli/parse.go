package cli

import (
	"encoding/json"
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
			return writeJSON(p.Stdout, map[string]any{"runs": reports})
		},
	}
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

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
