package wrk

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/scripttest"
)

func TestReadVersion(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		want Installation
		name string
	}{
		"Debian": {"wrk debian/4.1.0-3+b2 [epoll] Copyright (C) 2012 Will Glozer\nUsage: wrk <options> <url>\n",
			Installation{Version: "debian/4.1.0-3+b2", Engine: "epoll"}, "wrk debian/4.1.0-3+b2 [epoll]"},
		"upstream": {"wrk 4.2.0 [kqueue] Copyright (C) 2012 Will Glozer\n",
			Installation{Version: "4.2.0", Engine: "kqueue"}, "wrk 4.2.0 [kqueue]"},
		"later":   {"wrk 10.0 [epoll] ", Installation{Version: "10.0", Engine: "epoll"}, "wrk 10.0 [epoll]"},
		"git":     {"wrk 4.2.0-1-gabc1234 [epoll] ", Installation{Version: "4.2.0-1-gabc1234", Engine: "epoll"}, "wrk 4.2.0-1-gabc1234 [epoll]"},
		"commit":  {"wrk 44a94c1 [epoll] ", Installation{Version: "44a94c1", Engine: "epoll"}, "wrk 44a94c1 [epoll]"},
		"wrk2":    {"wrk 4.0.0 [epoll] Copyright\n    -R, --rate        <T>  work rate (throughput)\n", Installation{Version: "4.0.0", Engine: "epoll", Wrk2: true}, "wrk2 4.0.0 [epoll]"},
		"CR LF":   {"wrk 4.1.0 [epoll] x\r\n", Installation{Version: "4.1.0", Engine: "epoll"}, "wrk 4.1.0 [epoll]"},
		"warning": {"something first\nwrk 4.1.0 [epoll] x\n", Installation{Version: "4.1.0", Engine: "epoll"}, "wrk 4.1.0 [epoll]"},
	}
	for name, c := range cases {
		got, err := readVersion(c.text)
		if d := cmp.Diff(c.want, got); err != nil || d != "" || got.String() != c.name {
			t.Errorf("%s: %v, %s, %s", name, err, got, d)
		}
	}
}

func TestFindRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, want string }{
		"old":     {"wrk 3.1.2 [epoll] Copyright (C) 2012 Will Glozer", " is wrk 3.1.2, which is too old: 4.0 or later is needed"},
		"other":   {"curl 8.1", " is not wrk: it does not print wrk's version"},
		"silence": {"", " is not wrk: it does not print wrk's version"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := scripttest.Write(t, "wrk", "echo '"+c.text+"'; exit 1")
			_, err := Find(path)
			wantProblem(t, err, path+c.want)
			if !strings.Contains(err.Error(), "hint: install it: sudo apt-get install wrk") {
				t.Error(err)
			}
		})
	}
	_, err := Find("no-such-wrk")
	wantProblem(t, err, `wrk is not here: exec: "no-such-wrk": executable file not found in $PATH`)
	empty := scripttest.Write(t, "wrk", "")
	if err := os.Chmod(empty, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Find(empty)
	wantProblem(t, err, empty+" cannot be run: it is not executable")
	_, err = Find(empty + "-missing")
	wantProblem(t, err, "there is no wrk at "+empty+"-missing: that path does not exist")
}

func TestFindHangs(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes as long as a program may")
	}
	path := scripttest.Write(t, "wrk", "exec sleep 60")
	_, err := Find(path)
	wantProblem(t, err, path+" does not tell its version within 10s")
}

func TestFindReal(t *testing.T) {
	t.Parallel()
	realWrk(t)
	found, err := Find("")
	if err != nil || found.Wrk2 || !filepath.IsAbs(found.Path) || found.Version == "" || found.Engine == "" {
		t.Errorf("%+v, %v", found, err)
	}
}
