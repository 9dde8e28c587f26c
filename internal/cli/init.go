package cli

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"taskbench/internal/source"
)

//go:embed init/taskbench.yaml
var sampleConfig []byte

//go:embed init/sample.yaml
var sampleScenario []byte

func initCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:        "init",
		Usage:       "write a commented taskbench.yaml and a sample scenario into this folder",
		Description: "Nothing that exists is overwritten.",
		Flags:       []cli.Flag{formatOf("text", "json")},
		Action: func(c *cli.Context) error {
			var wrote writtenFiles
			for _, f := range []struct {
				path string
				text []byte
			}{
				{"taskbench.yaml", sampleConfig},
				{filepath.Join("scenarios", "sample.yaml"), sampleScenario},
			} {
				if err := writeNew(f.path, f.text); err != nil {
					return err
				}
				wrote.Wrote = append(wrote.Wrote, f.path)
			}
			if asJSON(c) {
				return writeJSON(p.Stdout, wrote)
			}
			for _, path := range wrote.Wrote {
				fmt.Fprintf(p.Stdout, "wrote %s\n", path)
			}
			fmt.Fprintln(p.Stdout, "next: taskbench check scenarios/sample.yaml --live, then taskbench run scenarios/sample.yaml")
			return nil
		},
	}
}

// writtenFiles is what `init` prints as JSON.
type writtenFiles struct {
	Wrote []string `json:"wrote"`
}

// writeNew creates a file and refuses to touch one that is there.
func writeNew(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return source.WithHint(fmt.Errorf("%s is already there", path), "move it away first, or edit it: nothing was changed")
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
