package micro

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskbench/internal/plain"
	"taskbench/internal/source"
)

// Find gives the path of cargo: the one named, or the one on PATH.
func Find(path string) (string, error) {
	if path == "" {
		path = "cargo"
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return "", source.WithHint(fmt.Errorf("cargo is missing: %w", err),
			"install Rust (https://rustup.rs), or import results measured elsewhere: taskbench micro import NAME=target/criterion")
	}
	return filepath.Abs(found) // it is run in the crates' folders
}

// build is what a crate's benches became.
type build struct {
	benches  []string // names of bench targets that can be run
	programs []string // what they were built into
	failed   []string // a sentence for each that could not be built
}

// build compiles all bench targets, keeping those that build. It is an error
// when there is none.
func (r *Runner) build(ctx context.Context, c Crate) (build, error) {
	if _, err := os.Stat(filepath.Join(c.Dir, "Cargo.toml")); err != nil {
		return build{}, source.Errorf(source.Position{File: c.Dir}, "name the folder of a crate: NAME=CRATE", "%s is not a crate: it has no Cargo.toml", c.Name)
	}
	var stdout bytes.Buffer
	var stderr tail
	cmd := r.command(ctx, c, &stdout, &stderr,
		"build", "--profile", "bench", "--keep-going", "--bench", "*", "--message-format", "json")
	err := cmd.Run()
	if ctx.Err() != nil {
		return build{}, context.Cause(ctx)
	}
	b := readBuild(&stdout)
	if len(b.benches) > 0 {
		return b, nil
	}
	hint := "see what it says: cargo bench --no-run"
	if len(b.failed) > 0 {
		return build{}, source.Errorf(source.Position{File: c.Dir}, hint, "%s has no bench that builds:\n%s", c.Name, strings.Join(b.failed, "\n"))
	}
	return build{}, source.Errorf(source.Position{File: c.Dir}, hint, "%s has no benches to run (%v): %s", c.Name, err, stderr.String())
}

// message is a line of cargo's JSON, as far as it matters here.
type message struct {
	Reason     string
	Executable *string
	Target     struct {
		Kind []string
		Name string
	}
	Message struct{ Level, Rendered string }
}

// readBuild sorts cargo's messages: bench targets with an executable, and
// errors by the target they are about.
func readBuild(r io.Reader) build {
	var b build
	var order []string
	errs := map[string]string{}
	for d := json.NewDecoder(r); ; {
		var m message
		if d.Decode(&m) != nil {
			break
		}
		switch {
		case m.Reason == "compiler-artifact" && m.Executable != nil && slices.Contains(m.Target.Kind, "bench"):
			b.benches = append(b.benches, m.Target.Name)
			b.programs = append(b.programs, *m.Executable)
		case m.Reason == "compiler-message" && m.Message.Level == "error" && errs[m.Target.Name] == "":
			errs[m.Target.Name] = fmt.Sprintf("%s %s does not build: %s",
				strings.Join(m.Target.Kind, ", "), m.Target.Name, strings.TrimSpace(m.Message.Rendered))
			order = append(order, m.Target.Name)
		}
	}
	slices.Sort(b.benches)
	slices.Sort(order)
	for _, name := range order {
		b.failed = append(b.failed, errs[name])
	}
	return b
}

// bench runs the benches of a crate once and says what went wrong: "" for
// nothing. One bench that fails does not keep the others from running.
func (r *Runner) bench(ctx context.Context, c Crate, b build, baseline string, args []string) string {
	argv := []string{"bench", "--no-fail-fast"}
	for _, name := range b.benches {
		argv = append(argv, "--bench", name)
	}
	argv = append(append(argv, "--", "--save-baseline", baseline, "--noplot"), args...)
	var stderr tail
	err := r.command(ctx, c, io.Discard, &stderr, argv...).Run()
	if err == nil {
		return ""
	}
	return fmt.Sprintf("cargo bench of %s failed (%v): %s", c.Name, err, whatFailed(stderr.String(), err))
}

// whatFailed keeps of cargo's output the lines that say why.
func whatFailed(stderr string, err error) string {
	var lines []string
	for _, l := range strings.Split(stderr, "\n") {
		l = strings.TrimSpace(l)
		about := strings.HasPrefix(l, "error") || strings.HasPrefix(l, "`--bench") || strings.Contains(l, "panicked at")
		if about && !slices.Contains(lines, l) {
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return err.Error()
	}
	return strings.Join(lines, "; ")
}

// toolchain is what compiles a crate, "" when it does not tell: a crate may pin
// its own.
func (r *Runner) toolchain(ctx context.Context, c Crate) string {
	cmd := exec.CommandContext(ctx, "rustc", "--version")
	cmd.Dir = c.Dir
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// command is cargo in a crate's folder. It and the benches it starts are ended
// together with the context.
func (r *Runner) command(ctx context.Context, c Crate, stdout, stderr io.Writer, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, r.Cargo, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.Dir, stdout, stderr
	home, err := filepath.Abs(r.home(c))
	if err != nil {
		home = r.home(c)
	}
	cmd.Env = append(os.Environ(), "CRITERION_HOME="+home, "CARGO_TERM_COLOR=never")
	if c.target != "" {
		cmd.Env = append(cmd.Env, "CARGO_TARGET_DIR="+c.target)
	}
	inOwnGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// tail keeps the end of what a program writes.
type tail struct{ text []byte }

const tailBytes = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if len(t.text) > 2*tailBytes {
		t.text = append([]byte(nil), t.text[len(t.text)-tailBytes:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return strings.TrimSpace(string(t.text)) }

// warning is an error's message without its hint and its excerpt, on one line.
func warning(err error) string {
	var e *source.Error
	if errors.As(err, &e) {
		return e.Pos.String() + ": " + plain.Clean(e.Message)
	}
	return plain.Clean(err.Error())
}
