package wrk

import (
	"strings"
	"testing"
)

func TestDiagnoseStderr(t *testing.T) {
	t.Parallel()
	const long = "/a/very/long/path/that/lua/shortens/in/its/messages/to/sixty/script.lua"
	cases := []struct{ name, stderr, want, hint string }{
		{"refused", "unable to connect to localhost:3000 Connection refused", "cannot connect to localhost:3000: connection refused", "is the server running?"},
		{"no files", "unable to connect to localhost:3000 Too many open files", "cannot connect to localhost:3000: too many open files", "ulimit -n"},
		{"no ports", "unable to connect to [::1]:80 Cannot assign requested address", "cannot connect to [::1]:80: cannot assign requested address", "all local ports"},
		{"odd reason", "unable to connect to a:1 Something new", "cannot connect to a:1: something new", "is the server running?"},
		{"unknown host", "unable to resolve nowhere:http Name or service not known", "unknown host nowhere:http: name or service not known", "host name"},
		{"threads", "unable to create thread 812: Resource temporarily unavailable", "wrk could not start its thread 812: resource temporarily unavailable", "ulimit -u"},
		{"files of threads", "unable to create thread 500: Too many open files", "wrk could not start its thread 500: too many open files", "ulimit -n"},
		{"URL", "invalid URL: foo", `invalid URL "foo"`, "http://host:port"},
		{"connections", "number of connections must be >= threads", "1 connections are too few for 2 threads", "as many connections"},
		{"wrk2", "Throughput MUST be specified with the --rate or -R option", "wrk is wrk2, which sends at a fixed rate only", "use wrk itself"},
		{"TLS", "unable to initialize SSL", "wrk could not set up TLS", "http://"},
		{"option", "wrk: unrecognized option '--latency'", "wrk does not know an option: unrecognized option '--latency'", "4.0 or later"},
		{"header", "invalid character in header at 3:7", "the first request of " + long + " is not valid HTTP: invalid character in header, in line 3, column 7 of the request", "NUL"},
		{"panic", "PANIC: unprotected error in call to Lua API (...es/to/sixty/script.lua:12: boom)", "the script broke while running: boom", "mend the script"},
		{"panic elsewhere", "PANIC: unprotected error in call to Lua API (other.lua:12: boom)", "the script broke while running: other.lua:12: boom", "mend the script"},
		{"memory", "PANIC: unprotected error in call to Lua API (not enough memory)", "the script broke while running: not enough memory", "fewer connections"},
		{"load, each thread again", long + ": " + long + ":7: '=' expected\n" + long + ": " + long + ":7: '=' expected\n", "the script does not load: '=' expected", "mend the script"},
		{"locals", long + ": " + long + ":7: main function has more than 200 local variables", "the script does not load: main function has more than 200 local variables", "table"},
		{"missing", long + ": cannot open " + long, "cannot read the script " + long, "check the path"},
		{"error that is no text", long + ": (null)", "the script does not load: (null)", "mend the script"},
		{"cause before its company", "noise\r\nunable to connect to a:1 Connection refused\r\n", "cannot connect to a:1: connection refused", "is the server running?"},
		{"anything", "one\none\ntwo\nthree\nfour", "wrk complained: one; two; three; …", "silent"},
		{"time of day", "stopped at 12:30", "wrk complained: stopped at 12:30", "silent"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := Options{Script: long, Threads: 2, Connections: 1}
			e := Diagnose(o, Output{Stderr: []byte(c.stderr), Stdout: []byte(fakeSummary), Block: []byte("{}")})
			if e == nil || e.Message != c.want || !strings.Contains(e.Hint, c.hint) {
				t.Errorf("got %v, want %q and %q", e, c.want, c.hint)
			}
		})
	}
}

func TestDiagnoseResult(t *testing.T) {
	t.Parallel()
	if e := Diagnose(Options{}, Output{Stdout: []byte(fakeSummary)}); e != nil {
		t.Errorf("a good run is %v", e)
	}
	if e := Diagnose(Options{Script: "s.lua"}, Output{Stdout: []byte(fakeSummary), Block: []byte("{}")}); e != nil {
		t.Errorf("a good run with a script is %v", e)
	}
	empty := strings.Replace(fakeSummary, "16000 requests", "0 requests", 1)
	if e := Diagnose(Options{Script: "s.lua"}, Output{Stdout: []byte(empty), Block: []byte("{}")}); e == nil {
		t.Error("a block hides that nothing was answered")
	}
	printed := "  0 requests in 1.00s, 0.00B read\n" + fakeSummary
	if e := Diagnose(Options{}, Output{Stdout: []byte(printed)}); e != nil {
		t.Errorf("what a script prints is taken for wrk's: %v", e)
	}
}

func TestSummaryWarnings(t *testing.T) {
	t.Parallel()
	const line = "  Socket errors: connect 35, read 0, write 0, timeout 0\n"
	if got := summaryWarnings([]byte(line)); len(got) != 1 || !strings.Contains(got[0], "failed to connect 35 times") {
		t.Errorf("%q", got)
	}
	if got := summaryWarnings([]byte(strings.Replace(line, "35", "0", 1))); got != nil {
		t.Errorf("%q", got)
	}
}
