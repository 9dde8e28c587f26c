package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"
)

// release is set at link time (-X taskbench/internal/cli.release=…) by the Makefile.
var release = ""

// version names the build: the release, else the commit Go recorded, else "devel".
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}

// build is what `version` prints as JSON.
type build struct {
	Taskbench string `json:"taskbench"`
	Go        string `json:"go"`
	OS        string `json:"os"`
	Arch      string `json:"arch"`
}

func versionCommand(p Process) *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "print the version of this build", Flags: []cli.Flag{formatOf("text", "json")},
		Action: func(c *cli.Context) error {
			b := build{version(), runtime.Version(), runtime.GOOS, runtime.GOARCH}
			if asJSON(c) {
				return writeJSON(p.Stdout, b)
			}
			_, err := fmt.Fprintf(p.Stdout, "taskbench %s (%s, %s/%s)\n", b.Taskbench, b.Go, b.OS, b.Arch)
			return err
		},
	}
}
