package bench

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"taskbench/internal/server"
	"taskbench/results"
)

func TestEnded(t *testing.T) {
	t.Parallel()
	a, reborn, other := server.Process{PID: 7, Name: "api", Born: 1}, server.Process{PID: 7, Name: "api", Born: 2}, server.Process{PID: 9, Name: "nginx", Born: 3}
	worker := server.Process{PID: 8, Name: "api", Born: 1}
	list := func(p ...server.Process) []server.Process { return p }
	cases := []struct {
		name          string
		before, after []server.Process
		code, text    string
	}{
		{"the same", list(a), list(a), "", ""},
		{"one of two that share the port ended", list(a, worker), list(worker), "", ""},
		{"another beside it", list(a), list(other, a), "", ""},
		{"not known", nil, list(a), "", ""},
		{"gone", list(a), nil, results.ServerEnded, "the server's process (api, pid 7) ended"},
		{"a new process of the same number", list(a), list(reborn), results.ServerRestarted, "was restarted while it was measured (api, pid 7, is pid 7 now)"},
		{"another program", list(a), list(other), results.ServerReplaced, "(api, pid 7; now nginx, pid 9)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := ended(c.before, c.after)
			if (got == nil) != (c.code == "") || got != nil && (got.Code != c.code || !strings.Contains(endedText(*got), c.text)) {
				t.Errorf("%+v, want %q %q", got, c.code, c.text)
			}
		})
	}
}

// TestDied: a trial whose server ended says so, how, and what it wrote last, and not
// what the load met then.
func TestDied(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{true, false} {
		w, p := newWorld(), plan(t, 1)
		w.how, w.last = "exit status 7", "panic: out of luck"
		w.fails = func(target string, _ int) error {
			if target == "b" {
				return errors.New("cannot connect")
			}
			return nil
		}
		want := "the server ended while it was measured: exit status 7\nthe end of what it wrote:\npanic: out of luck"
		if known {
			w.owners = func(string) []server.Process { return []server.Process{{PID: 7, Name: "api"}} }
			want = strings.Replace(want, "server", "server's process (api, pid 7)", 1)
		}
		docs := begin(p)
		if _, err := w.runner(t).Run(t.Context(), p, survey(p), docs); err != nil {
			t.Fatal(err)
		}
		if good, bad := docs[0].Scenarios[0].Trials[0], docs[1].Scenarios[0].Trials[0]; good.Error != "" || bad.Error != want {
			t.Errorf("%q and %q, want none and %q", good.Error, bad.Error, want)
		}
	}
}

// TestTrialOfTwoServers: it stands in the document, and does not count.
func TestTrialOfTwoServers(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 2)
	w.owners = func(target string) []server.Process {
		born := int64(0)
		if target == "a" && w.loads["a"] == 1 {
			born = 1 // since its first load
		}
		return []server.Process{{PID: 1, Name: "api", Born: born}}
	}
	docs := begin(p)
	if _, err := w.runner(t).Run(t.Context(), p, survey(p), docs); err != nil {
		t.Fatal(err)
	}
	for _, trial := range docs[0].Scenarios[0].Trials {
		if trial.Ended == nil || trial.Ended.Code != results.ServerRestarted || trial.Error == "" || trial.Answers == 0 {
			t.Errorf("pair %d: %+v, %q; want it kept, and not counted", trial.Pair, trial.Ended, trial.Error)
		}
	}
	for _, trial := range docs[1].Scenarios[0].Trials {
		if trial.Ended != nil || trial.Error != "" {
			t.Errorf("pair %d of b: %+v, %q", trial.Pair, trial.Ended, trial.Error)
		}
	}
}

// TestDeaf: of a server that the check had to kill its document says what each pair
// will wait for.
func TestDeaf(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 1)
	w.deaf = "b"
	answers := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer answers.Close()
	for i := range p.Targets {
		p.Targets[i].URL = answers.URL
	}
	found, err := w.runner(t).Survey(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	docs := Documents(p, results.Environment{}, found, w.clock)
	if a, b := docs[0].Warnings, docs[1].Warnings; len(a) != 0 || len(b) != 1 || !strings.Contains(b[0], "does not end within 5s when it is asked to (SIGTERM)") {
		t.Errorf("%q and %q", a, b)
	}
}
