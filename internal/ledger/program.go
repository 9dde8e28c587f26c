package ledger

import (
	"debug/buildinfo"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"taskbench/internal/server"
	"taskbench/internal/source"
)

// slowest is how long a server under valgrind may take to start, or to do what
// it is told.
const slowest = 2 * time.Minute

// runtimes translate programs as they run: what valgrind counts is then mostly
// the translating, and no function has a name.
var runtimes = []struct {
	name    *regexp.Regexp
	what    string
	instead string
}{
	{regexp.MustCompile(`^(java|javaw)$`), "the Java virtual machine", "use a profiler of its own (JFR, async-profiler), or taskbench cpu"},
	{regexp.MustCompile(`^(node|nodejs|bun|deno)$`), "a JavaScript engine that compiles as it runs", "use its own profiler (node --cpu-prof), or taskbench cpu"},
	{regexp.MustCompile(`^dotnet$`), "the .NET runtime, which compiles as it runs", "use dotnet-trace, or taskbench cpu"},
	{regexp.MustCompile(`^(beam\.smp|erl|elixir|mix)$`), "the Erlang virtual machine", "use its own profilers (eprof, fprof)"},
	{regexp.MustCompile(`^(luajit|pypy3?|php\d*|php-fpm.*|ruby|python[\d.]*|perl)$`), "an interpreter", "the functions would be the interpreter's: use a profiler of the language"},
}

// program splits start: into words, and refuses what valgrind cannot run, by
// name and with what is possible instead.
func program(spec server.Spec) ([]string, error) {
	if spec.Start == "" {
		return nil, source.WithHint(fmt.Errorf("%s runs already: counting begins with the server's start", spec.Name), "give its command with start: in taskbench.yaml")
	}
	words, plain, err := server.Words(spec.Start)
	if err != nil {
		return nil, fmt.Errorf("%s: start: %w", spec.Name, err)
	}
	if !plain {
		return nil, source.WithHint(fmt.Errorf("%s: start is a line for a shell, and valgrind would count the shell: %s", spec.Name, spec.Start),
			"let start be a program and its arguments; variables go to env:, the folder to dir:")
	}
	path, err := server.Locate(words[0], spec.Dir)
	if err == nil {
		err = countable(path)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", spec.Name, err)
	}
	return words, nil
}

// countable says why valgrind cannot count a program; nil when it can.
func countable(path string) error {
	base := filepath.Base(path)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		base = filepath.Base(real)
	}
	for _, r := range runtimes {
		if r.name.MatchString(base) || r.name.MatchString(filepath.Base(path)) {
			return source.WithHint(fmt.Errorf("%s is %s: valgrind cannot count what a program in it does", path, r.what), r.instead)
		}
	}
	if info, err := buildinfo.ReadFile(path); err == nil {
		return source.WithHint(fmt.Errorf("%s is a Go program (%s): valgrind does not follow Go's stacks", path, info.GoVersion),
			"use taskbench cpu, Go's own profiles (net/http/pprof), or go test -benchmem")
	}
	file, err := elf.Open(path)
	var format *elf.FormatError
	switch {
	case errors.As(err, &format) || err != nil && strings.Contains(err.Error(), "EOF"):
		return source.WithHint(fmt.Errorf("%s is no program but a script%s: valgrind would count what runs it", path, interpreter(path)),
			"name the program itself in start:")
	case err != nil:
		return err
	}
	return file.Close()
}

// interpreter is what a script asks to be run by: " (for /bin/sh)".
func interpreter(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	start := make([]byte, 128)
	n, _ := file.Read(start) // what cannot be read is not told
	line, found := strings.CutPrefix(firstLine(start[:n]), "#!")
	if !found || !exists(strings.Fields(line)) {
		return ""
	}
	return " (for " + strings.Fields(line)[0] + ")"
}

func exists(words []string) bool {
	if len(words) == 0 {
		return false
	}
	_, err := exec.LookPath(words[0])
	return err == nil
}

// unknownInstruction is what valgrind says of one that it does not know.
const unknownInstruction = "unhandled instruction bytes"

// explain adds to a server's failure under valgrind what is likely to be behind it.
func explain(err error) error {
	if err == nil {
		return nil
	}
	if strings.Contains(err.Error(), unknownInstruction) {
		return source.WithHint(err, "valgrind does not know an instruction of this processor: build the server without -C target-cpu=native, -march=native or AVX-512")
	}
	return fmt.Errorf("under valgrind: %w", err)
}
