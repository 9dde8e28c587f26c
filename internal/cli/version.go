package cli

import (
	"fmt"
	"runtime"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
)

// build is what `version` prints as JSON.
type build struct {
	Taskbench string `json:"taskbench"`
	Go        string `json:"go"`
	OS        string `json:"os"`
	Arch      string `json:"arch"`
}

func versionCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version of this build", Flags: []cli.Flag{console.FormatOf("text", "json")},
		Action: func(c *cli.Context) error {
			b := build{console.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH}
			if console.AsJSON(c) {
				return console.WriteJSON(p.Stdout, b)
			}
			_, err := fmt.Fprintf(p.Stdout, "taskbench %s (%s, %s/%s)\n", b.Taskbench, b.Go, b.OS, b.Arch)
			return err
		},
	}
}
