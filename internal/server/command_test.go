package server

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArgv(t *testing.T) {
	t.Parallel()
	shell := func(line string) []string { return []string{"sh", "-c", line} }
	cases := []struct {
		line string
		want []string
	}{
		{"server", []string{"server"}},
		{"  ./server  --port\t3000 ", []string{"./server", "--port", "3000"}},
		{`"/a b/server" -x 'c d' e\ f`, []string{"/a b/server", "-x", "c d", "e f"}},
		{`server "" ''`, []string{"server", "", ""}},
		{`a"b"'c'd`, []string{"abcd"}},
		{`server "a\"b\\c\d"`, []string{"server", `a"b\c\d`}},
		{`server '|' ">" "a;b" \&`, []string{"server", "|", ">", "a;b", "&"}},
		{"server --flag=value", []string{"server", "--flag=value"}},
		{"PORT=3000 server", shell("PORT=3000 server")},
		{"server | tee log", shell("server | tee log")},
		{"cd x && ./server", shell("cd x && ./server")},
		{"server $PORT", shell("server $PORT")},
		{`server "$PORT"`, shell(`server "$PORT"`)},
		{`server '$PORT' "\$PORT"`, []string{"server", "$PORT", "$PORT"}},
		{"server ~/x", shell("server ~/x")},
		{"server *.conf", shell("server *.conf")},
	}
	for _, c := range cases {
		t.Run(c.line, func(t *testing.T) {
			t.Parallel()
			got, err := argv(c.line)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestArgvRefuses(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"", "  ", `a "b`, `a 'b`, `a b\`} {
		if got, err := argv(line); err == nil {
			t.Errorf("argv(%q) = %q, want an error", line, got)
		}
	}
}

// FuzzArgv holds the splitter against a real shell: what needs none must come
// out as the shell takes it apart.
func FuzzArgv(f *testing.F) {
	for _, line := range []string{`a b`, `a "b c" 'd'`, `a\ b "\"" '\'`, `a "" b`, `a "\x" \y`} {
		f.Add(line)
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		f.Skip("no sh to compare with")
	}
	f.Fuzz(func(t *testing.T, line string) {
		words, shell, err := split(line)
		if err != nil || shell || len(words) == 0 || strings.ContainsAny(line, "\x00\r\n") {
			return
		}
		out, err := exec.Command(sh, "-c", `printf '%s\0' `+line).Output()
		if err != nil {
			t.Fatalf("sh: %v for %q", err, line)
		}
		if got := strings.Join(words, "\x00") + "\x00"; got != string(out) {
			t.Errorf("split(%q) = %q, sh has %q", line, got, out)
		}
	})
}

func FuzzLastLines(f *testing.F) {
	f.Add("a\nb\nc\n", 2)
	f.Add("", 1)
	f.Fuzz(func(t *testing.T, text string, n int) {
		if n < 1 {
			return
		}
		got := lastLines(text, n)
		if strings.Count(got, "\n") >= n {
			t.Errorf("lastLines(%q, %d) has more lines: %q", text, n, got)
		}
		if !strings.Contains(text, got) {
			t.Errorf("lastLines(%q, %d) = %q is no part of it", text, n, got)
		}
	})
}
