package shell

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/mattn/go-shellwords"
)

var awkward = []string{"", "plain", "/a/b-c_1.yaml", "two words", "it's", `"q"`, "$HOME", "`id`", "a;b", "a|b>c", "*", "~", `\`, "#x", "{a,b}", "!!", "line\nend", "é ü", "--x=y z", "?", "[a]"}

// A shell reads what was written as the same words.
func TestJoinIsReadBack(t *testing.T) {
	t.Parallel()
	line := Join(awkward...)
	if got := Join("A=b", "C=d"); got != "'A=b' C=d" {
		t.Errorf("%s would assign", got)
	}
	if got, err := shellwords.Parse(line); err != nil || !slices.Equal(got, awkward) {
		t.Errorf("%s is read as %q (%v)", line, got, err)
	}
	out, err := exec.Command("sh", "-c", `for w in `+line+`; do printf '%s\0' "$w"; done`).Output()
	if got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); err != nil || !slices.Equal(got, awkward) {
		t.Errorf("%s is read by sh as %q (%v)", line, got, err)
	}
}

func TestJoinLeavesPlainWords(t *testing.T) {
	t.Parallel()
	if got, want := Join("wrk", "-t1", "--latency", "http://127.0.0.1:3000/"), "wrk -t1 --latency http://127.0.0.1:3000/"; got != want {
		t.Errorf("%s", got)
	}
}
