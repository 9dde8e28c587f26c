package parse

import (
	"strings"
	"testing"
)

// What follows a figure may be a part of it: then it is not cut off, and the
// figure is not read.
func TestCutRemark(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"Requests/sec:    219.66":                                "Requests/sec:    219.66",
		"Requests/sec:    219.66 at noon":                        "Requests/sec:    219.66",
		"Requests/sec:    219.66 k":                              "Requests/sec:    219.66 k",
		"Requests/sec:    219.66 million":                        "Requests/sec:    219.66 million",
		"Requests/sec:    219 660":                               "Requests/sec:    219 660",
		"Requests/sec:    219.66e3":                              "Requests/sec:    219.66e3",
		"Transfer/sec:     39.93KB and the rest":                 "Transfer/sec:     39.93KB",
		"Transfer/sec:     39.93KB/s":                            "Transfer/sec:     39.93KB/s",
		"Transfer/sec:     39.93K":                               "Transfer/sec:     39.93K",
		"     99%   90.00m?":                                     "     99%   90.00m",
		"     99%   90.00milliseconds":                           "     99%   90.00milliseconds",
		"     99%   90.00ms |     99%   91.00ms":                 "     99%   90.00ms |     99%   91.00ms",
		"  Non-2xx or 3xx responses: 17 (of 2201)":               "  Non-2xx or 3xx responses: 17",
		"  Non-2xx or 3xx responses: 17.5":                       "  Non-2xx or 3xx responses: 17.5",
		"  Non-2xx or 3xx responses: 17-19":                      "  Non-2xx or 3xx responses: 17-19",
		`"    Req/Sec   110.20     20.10   160.00     65.00%",`:  `"    Req/Sec   110.20     20.10   160.00     65.00%`,
		"    Req/Sec   110.20     20.10   160.00     65.00% 12%": "    Req/Sec   110.20     20.10   160.00     65.00% 12%",
	} {
		if got := cutRemark(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

func TestTarget(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ first, url string }{
		{"Running 5s test @ http://a:1/x?y=(1)", "http://a:1/x?y=(1)"},
		{"(Running 5s test @ http://a:1/x)", "http://a:1/x"},
		{"'Running 5s test @ http://a:1/it',", "http://a:1/it"},
		{"Running 5s test @ http://a:1/it's", "http://a:1/it's"},
		{"Running 5s test @  /only/path", "/only/path"},
		{`"Running 5s test @ http://a:1/\n" +`, "http://a:1/"},
		{"Running 5s test @ http://a:1/ (five seconds)", "http://a:1/"},
	} {
		r := wrk(t, c.first+"\n  2 threads and 4 connections\n")
		if len(r) != 1 || r[0].URL != c.url || *r[0].DurationAskedS != 5 || *r[0].Connections != 4 {
			t.Errorf("%s: %+v", c.first, r)
		}
	}
	r := wrk(t, "Running 5s test @\n  2 threads and 4 connections\n  7 requests in 5.00s, 1.00KB read\n")
	if len(r) != 1 || *r[0].DurationAskedS != 5 || !strings.Contains(strings.Join(r[0].Warnings, "\n"), "does not name the target") {
		t.Errorf("taken out: %+v", r)
	}
}

const statistics = "  Thread Stats   Avg      Stdev     Max   +/- Stdev\n    Latency     %s0ms    1.00ms   9.00ms   71.00%%\n" +
	"    Req/Sec   110.00     20.00   160.00     65.00%%\n  1100 requests in 5.00s, 1.00KB read\nRequests/sec:    220.00\nTransfer/sec:      1.00KB\n"

// Runs that printed at once: no figure has the target of another.
func TestWrkAtOnce(t *testing.T) {
	t.Parallel()
	stats := func(mean string) string { return strings.NewReplacer("%s", mean, "%%", "%").Replace(statistics) }
	first := func(name string) string {
		return "Running 5s test @ http://" + name + "/\n  1 threads and 1 connections\n"
	}
	for _, c := range []struct {
		name, text string
		urls       []string
	}{
		{"two at once", first("a") + first("b") + stats("2.0") + stats("3.0"), []string{"", ""}},
		{"three at once", first("a") + first("b") + first("c") + stats("2.0") + "done a\n" + stats("3.0") + stats("4.0"), []string{"", "", ""}},
		{"one ended early", first("a") + first("a") + stats("2.0"), []string{"http://a/", "http://a/"}},
		{"and others after it", first("a") + first("a") + stats("2.0") + first("b") + stats("3.0"), []string{"http://a/", "http://a/", "http://b/"}},
		{"before two at once", first("a") + stats("1.0") + first("b") + first("c") + stats("2.0") + stats("3.0"), []string{"http://a/", "", ""}},
	} {
		reports := wrk(t, c.text)
		var urls []string
		for _, r := range reports {
			urls = append(urls, r.URL)
			told := strings.Contains(strings.Join(r.Warnings, "\n"), "at once")
			if told != (r.URL == "") || told && (r.Connections != nil || r.DurationAskedS != nil) {
				t.Errorf("%s: %+v", c.name, r)
			}
		}
		if strings.Join(urls, ",") != strings.Join(c.urls, ",") {
			t.Errorf("%s: targets %q, want %q", c.name, urls, c.urls)
		}
	}
}

// Some makes of wrk2 print the 99th percentile where others have the maximum.
func TestWrkThirdColumn(t *testing.T) {
	t.Parallel()
	r := wrk(t, strings.NewReplacer("Max", "99%", "%s", "2.0", "%%", "%").Replace(statistics))[0]
	if r.LatencyMaxUS != nil || r.ThreadRequestsMaxPS != nil || r.Latency == nil || r.Latency.Percentiles[0] != (Percentile{99, 9000, 5}) {
		t.Errorf("%+v", r)
	}
}

// wrk2's tables alone are read; other programs have the plain ones too.
func TestWrkTableAlone(t *testing.T) {
	t.Parallel()
	rows := "\n 50.000%    1.13ms\n 75.000%    2.56ms\n 99.000%    4.82ms\n"
	r := wrk(t, "As we see:\n  Latency Distribution (HdrHistogram - Uncorrected Latency (measured without taking delayed starts into account))"+rows)
	if len(r) != 1 || r[0].Tool != "wrk2" || len(r[0].LatencyUncorrected.Percentiles) != 3 || !r[0].Truncated {
		t.Errorf("%+v", r)
	}
	if r, err := Wrk("run.txt", strings.NewReader("  Latency Distribution"+rows)); err == nil {
		t.Errorf("%+v", r)
	}
}

// wrk2 that was too short to calibrate prints what wrk prints; the command tells.
func TestWrk2ByItsCommand(t *testing.T) {
	t.Parallel()
	run := "\nRunning 5s test @ http://a/\n" + strings.NewReplacer("%s", "2.0", "%%", "%").Replace(statistics)
	for command, tool := range map[string]string{
		"$ wrk2 -t1 -c1 http://a/": "wrk2", "./wrk -t1 -c1 -R200 http://a/": "wrk2", "wrk --rate 200 http://a/": "wrk2",
		"$ wrk -t1 -c1 http://a/": "wrk", "wrk -H 'X-R: 2' http://a/": "wrk", "we wrote wrk2 reports before": "wrk",
	} {
		if r := wrk(t, command+run); r[0].Tool != tool {
			t.Errorf("%s: %s", command, r[0].Tool)
		}
	}
}
