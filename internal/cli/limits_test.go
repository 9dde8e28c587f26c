package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/lua"
)

// The shortest slot that may be asked for is the shortest that scripts have room for.
func TestShortestSlot(t *testing.T) {
	t.Parallel()
	if config.ShortestSlot != lua.ShortestSlot {
		t.Errorf("%v may be asked for, scripts are made for %v", config.ShortestSlot, lua.ShortestSlot)
	}
}

// The exit codes are those of the table in README.md.
func TestDocumentedExitCodes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(repository, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var documented []int
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+) \|`).FindAllStringSubmatch(string(text), -1) {
		code, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		documented = append(documented, code)
	}
	if want := []int{console.ExitOK, console.ExitFailed, console.ExitUsage, console.ExitGate, console.ExitInconclusive, console.ExitInterrupted}; !slices.Equal(documented, want) {
		t.Errorf("README.md has the exit codes %v, the program %v", documented, want)
	}
}

// Defaults of flags that the documentation gives as numbers.
func TestDocumentedDefaults(t *testing.T) {
	t.Parallel()
	app := newApp(console.Process{Args: []string{"taskbench"}, Getenv: func(string) string { return "" }})
	for _, c := range []struct{ page, said, command, flag, value string }{
		{"memory.md", "two seconds before\nload (`--baseline-time`)", "memory", "baseline-time", "2s"},
		{"memory.md", "five seconds after (`--settle`)", "memory", "settle", "5s"},
		{"memory.md", "`--hz` times a second (10)", "memory", "hz", "10"},
		{"soak.md", "workflow, 30 minutes on each target", "soak", "duration", "30m0s"},
		{"soak.md", "`--hz` times a second (2)", "soak", "hz", "2"},
		{"profiling.md", "at 999 Hz", "cpu", "freq", "999"},
		{"report.md", "over the newest 50 runs (`--last N`", "report", "last", "50"},
		{"micro.md", "measure both, ten rounds", "micro run", "rounds", "10"},
	} {
		text, err := os.ReadFile(filepath.Join(repository, "docs", c.page))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), c.said) {
			t.Errorf("%s does not say %q", c.page, c.said)
		}
		if got := defaultOf(app.Commands, c.command, c.flag); got != c.value {
			t.Errorf("taskbench %s --%s: %q by default, want %q", c.command, c.flag, got, c.value)
		}
	}
}

// defaultOf is the value of a flag that nobody gave; "" when there is no such
// flag.
func defaultOf(commands []*cli.Command, name, flag string) string {
	for _, c := range commands {
		if within, ok := strings.CutPrefix(name, c.Name+" "); ok {
			return defaultOf(c.Subcommands, within, flag)
		}
		for _, f := range c.Flags {
			if d, ok := f.(cli.DocGenerationFlag); ok && c.Name == name && slices.Contains(f.Names(), flag) {
				return d.GetValue()
			}
		}
	}
	return ""
}
