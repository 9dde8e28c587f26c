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
		Action: func(*cli.Context) error {
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
				fmt.Fprintf(p.Stdout, "wrote %s\n", f.path)
			}
			fmt.Fprintln(p.Stdout, "next: taskbench check scenarios/sample.yaml --live, then taskbench run scenarios/sample.yaml")
			return nil
		},
	}
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
