package console

import "runtime/debug"

// Version names the build: the release, else the commit Go recorded, else "devel".
func Version() string {
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

// release is set at link time (-X taskbench/internal/cli/console.release=…) by the Makefile.
var release = ""
