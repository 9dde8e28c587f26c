package parse

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// printed is a run whose every figure tells which it is of: n goes from 1 to 9.
// Its lines, from 0: Running, threads, head, Latency, Req/Sec, requests,
// Requests/sec, Transfer/sec.
func printed(n int) []string {
	return []string{
		fmt.Sprintf("Running %ds test @ http://127.0.0.1:300%d/", n, n),
		fmt.Sprintf("  %d threads and %d0 connections", n, n),
		"  Thread Stats   Avg      Stdev     Max   +/- Stdev",
		fmt.Sprintf("    Latency     %d.00ms    %d.00us   %d.50ms   7%d.00%%", n, n, n, n),
		fmt.Sprintf("    Req/Sec     %d.00k     %d.00      %d.10k    6%d.00%%", n, n, n, n),
		fmt.Sprintf("  %d000 requests in %d.00s, %d.00MB read", n, n, n),
		fmt.Sprintf("Requests/sec:   1000.0%d", n),
		fmt.Sprintf("Transfer/sec:   %d00.00KB", n),
	}
}

func text(parts ...[]string) string {
	var b strings.Builder
	for _, p := range parts {
		for _, l := range p {
			b.WriteString(l + "\n")
		}
	}
	return b.String()
}

func before(prefix string, lines []string) []string {
	var out []string
	for _, l := range lines {
		out = append(out, prefix+l)
	}
	return out
}

func alternating(a, b []string) []string {
	var out []string
	for i := range a {
		out = append(out, a[i], b[i])
	}
	return out
}

// whose says which run the figures of a report are of, a letter each: url,
// load, latency, threads' rate, requests, rate, bytes. "-" is none.
func whose(r Printout) string {
	tell := func(f *float64, unit float64) string {
		if f == nil {
			return "-"
		}
		return fmt.Sprint(int(*f / unit))
	}
	url := "-"
	if r.URL != "" {
		url = strings.Trim(strings.TrimPrefix(r.URL, "http://127.0.0.1:300"), "/")
	}
	load, requests, rate := "-", "-", "-"
	if r.Threads != nil {
		load = fmt.Sprint(*r.Threads)
	}
	if r.Requests != nil {
		requests = fmt.Sprint(*r.Requests / 1000)
	}
	if r.RequestsPS != nil {
		rate = fmt.Sprintf("%.0f", (*r.RequestsPS-1000)*100)
	}
	return url + load + tell(r.LatencyMeanUS, 1000) + tell(r.ThreadRequestsMeanPS, 1000) + requests + rate + tell(r.TransferBytesPS, 102400)
}

// No figure of a run is ever in another's report, and no run is lost.
func TestWrkRuns(t *testing.T) {
	t.Parallel()
	one, two, three := printed(1), printed(2), printed(3)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"one":                               {text(one), []string{"1111111"}},
		"two":                               {text(one, two), []string{"1111111", "2222222"}},
		"two apart":                         {text(one, []string{"", "### B", ""}, two), []string{"1111111", "2222222"}},
		"second without Running":            {text(one, two[1:]), []string{"1111111", "-222222"}},
		"second from its head on":           {text(one, two[2:]), []string{"1111111", "--22222"}},
		"second from Latency on":            {text(one, two[3:]), []string{"1111111", "--22222"}},
		"second from its requests on":       {text(one, two[5:]), []string{"1111111", "----222"}},
		"none has a head":                   {text(one[3:], two[3:], three[3:]), []string{"--11111", "--22222", "--33333"}},
		"tails":                             {text(one[5:], two[5:]), []string{"----111", "----222"}},
		"first died, second without start":  {text(one[:2], two[1:]), []string{"11-----", "-222222"}},
		"first died at once":                {text(one[:1], two), []string{"1------", "2222222"}},
		"first died, second from head on":   {text(one[:3], two[2:]), []string{"11-----", "--22222"}},
		"first lacks its end":               {text(one[:7], two[1:]), []string{"111111-", "-222222"}},
		"first ends with Latency":           {text(one[:4], two[1:4], two[5:]), []string{"111----", "-22-222"}},
		"first ends with Latency, no start": {text(one[:4], two[3:]), []string{"111----", "--22222"}},
		"no head":                           {text(one[:2], one[3:]), []string{"1111111"}},
		"no load":                           {text(one[:1], one[2:]), []string{"1-11111"}},
		"only what grep found":              {text(one[:2], one[6:], two[:2], two[6:]), []string{"11---11", "22---22"}},
		"one quoted, one not":               {text(before("> ", one), two), []string{"1111111", "2222222"}},
		"two depths of quotation":           {text(before("> > ", one), before("> ", two)), []string{"1111111", "2222222"}},
		"numbered, then not":                {text(before("17\t", one), two), []string{"1111111", "2222222"}},
		"two services at once":              {text(alternating(before("a-1  | ", one), before("b-1  | ", two))), []string{"1111111", "2222222"}},
		"every figure twice":                {text(one[:3], alternating(one[3:], one[3:])), []string{"1111111"}},
		"a script that repeats wrk":         {text(one, []string{"Requests/sec:   9.00", "  9 threads and 90 connections", "Latency is fine"}), []string{"1111111"}},
		"a script that repeats wrk early":   {text(one[:2], []string{"Requests/sec:   9.00", one[5]}, one[2:]), []string{"1111111"}},
		"a shell between":                   {text([]string{"$ wrk -t1 -c10 http://127.0.0.1:3001/"}, one, []string{"$ ./again 2 threads and more", "$"}, two), []string{"1111111", "2222222"}},
		"in one line":                       {strings.Join(one, " ") + "\n", []string{"1111111"}},
	} {
		var got []string
		for _, r := range wrk(t, c.text) {
			got = append(got, whose(r))
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// What is expected and not there, or there and not to be read, is said, with
// its place.
func TestWrkSaid(t *testing.T) {
	t.Parallel()
	replace := func(line int, text string) []string {
		lines := printed(1)
		lines[line] = text
		return lines
	}
	insert := func(at int, text string) []string { return slices.Insert(printed(1), at, text) }
	for name, c := range map[string]struct {
		lines []string
		want  string
	}{
		"no unit":             {replace(3, "    Latency     1000 1 2.00ms 75.00%"), `run.txt:4:17: mean "1000", standard deviation "1" of wrk's line "Latency" cannot be read: a number with its unit is expected: us, ms, s, m, h`},
		"infinite":            {replace(3, "    Latency     inf 1.00us 2.00ms 75.00%"), `wrk had no samples for its line "Latency" and printed nan`},
		"three columns":       {replace(3, "    Latency     1.00ms 1.00us 2.00ms"), `four figures are expected`},
		"negative":            {replace(3, "    Latency     -1.00ms 1.00us 2.00ms 75.00%"), `mean "-1.00ms" of wrk's line "Latency" cannot be read`},
		"beyond all":          {replace(3, "    Latency     1.00ms 1.00us 9223372036854.78s 75.00%"), `maximum "9223372036854.78s" of wrk's line "Latency" is impossible`},
		"more than all":       {replace(3, "    Latency     1.00ms 1.00us 2.00ms 175.00%"), `share within a standard deviation "175.00%" of wrk's line "Latency" is impossible`},
		"ambiguous":           {replace(6, "Requests/sec:   1,616"), `run.txt:7:17: rate "1,616" of wrk's line "Requests/sec" cannot be read`},
		"damaged count":       {replace(5, "  1o00 requests in 1.00s, 1.00MB read"), `run.txt:6:3: "1o00 requests in 1.00s, 1.00MB read" is no line of wrk: left out`},
		"damaged bytes":       {replace(5, "  1000 requests in 1.00s, 1.00 megabytes read"), `duration and bytes "1.00s, 1.00 megabytes read" of wrk's line "requests in" cannot be read`},
		"damaged errors":      {insert(6, "  Socket errors: connect 1, read lots"), `run.txt:7:18: the line "connect 1, read lots" of wrk's line "Socket errors" cannot be read: connect, read, write and timeout are expected`},
		"damaged status":      {insert(6, "Non-2xx or 3xx responses: many"), `run.txt:7:27: count "many" of wrk's line "Non-2xx or 3xx responses" cannot be read`},
		"no Latency":          {append(printed(1)[:3:3], printed(1)[4:]...), "the text lacks lines of wrk that are always there: Latency"},
		"no requests":         {append(printed(1)[:5:5], printed(1)[6:]...), "always there: … requests in …"},
		"no end":              {printed(1)[:6], "the text ends before wrk's last line: figures are missing (Requests/sec, Transfer/sec)"},
		"no load":             {append(printed(1)[:1:1], printed(1)[2:]...), `the text lacks wrk's line "… threads and … connections": the load is unknown`},
		"of two runs":         {replace(6, "Requests/sec:  77777.00"), "Requests/sec is 77777, but 1000 requests in that time are 1000.00 a second"},
		"mean above maximum":  {replace(3, "    Latency     1.00s 1.00us 2.00ms 75.00%"), "the mean latency is above the largest"},
		"a relative's line":   {insert(6, "  Connect errors: 12"), `run.txt:7:3: "Connect errors: 12" is no line of wrk: left out`},
		"percentile no unit":  {insert(5, "  99%   1200"), `99 % "1200" of wrk's line "Latency Distribution" cannot be read`},
		"percentile is empty": {insert(5, "  99%"), `99 % "" of wrk's line "Latency Distribution" cannot be read`},
	} {
		all := strings.Join(wrk(t, text(c.lines))[0].Warnings, "\n")
		if !strings.Contains(all, c.want) {
			t.Errorf("%s: %s\nwant %s", name, all, c.want)
		}
	}
	if w := wrk(t, text(printed(1)))[0].Warnings; len(w) > 1 { // Little's law apart
		t.Errorf("a whole run: %q", w)
	}
}

func TestNumbersOfTheWorld(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{
		"1234.56": 1234.56, "1,234.56": 1234.56, "1.234,56": 1234.56, "1234,56": 1234.56, "1'234.56": 1234.56, "1’234,56": 1234.56,
		"1_234.56": 1234.56, "1,234,567": 1234567, "1.234.567": 1234567, "1,234,567.89": 1234567.89, "12,3": 12.3, "0.001": 0.001,
	} {
		if f, ok := readFigure(text, plain); !ok || f.value != want {
			t.Errorf("%s is %v, %v; want %v", text, f.value, ok, want)
		}
	}
	for _, text := range []string{"1,234", "1,23,456.7", "1,2345.6", "1.2.3", "1,,2", ",", "", ".", "1'23", "12'3456.0", "1,234.567,8"} {
		if f, ok := readFigure(text, plain); ok {
			t.Errorf("%q is read as %v", text, f.value)
		}
	}
	for text, want := range map[string]uint64{"16201": 16201, "16,201": 16201, "16.201": 16201, "1'016'201": 1016201} {
		if n := readCount(text); n == nil || *n != want {
			t.Errorf("%s is %v", text, n)
		}
	}
	for _, text := range []string{"16.20", "1,6201", "", "-1", "1e3", "99999999999999999999"} {
		if n := readCount(text); n != nil {
			t.Errorf("%q is read as %d", text, *n)
		}
	}
}

// A run that was ended at once, a whole one, and one whose first line was cut
// off: that one has a line of threads of its own, so nothing is tangled, and the
// whole one keeps its target.
func TestAWholeRunBetweenPartsKeepsItsTarget(t *testing.T) {
	t.Parallel()
	runs := wrk(t, text(printed(1)[:1], printed(2), printed(3)[1:]))
	var got []string
	for _, r := range runs {
		got = append(got, whose(r))
	}
	if len(runs) != 3 || !strings.Contains(runs[1].URL, "3002") {
		t.Errorf("%q, want three runs, the second with its target", got)
	}
}
