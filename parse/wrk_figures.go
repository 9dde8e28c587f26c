package parse

import (
	"regexp"
	"strings"
)

// lineReader reads the figures of one line and notes those that it cannot.
type lineReader struct {
	run        *runReader
	report     *Printout
	line       textLine
	name       string   // of the line
	unreadable []string // "mean "1431867""
	expected   string   // what would have been read
	impossible bool     // rather than unreadable
	token      string   // the first that is unreadable
}

// fail notes that what stands for a figure is none.
func (lr *lineReader) fail(what, token string, u units) {
	if len(lr.unreadable) == 0 {
		lr.token, lr.expected = token, u.expected()
	}
	lr.unreadable = append(lr.unreadable, what+` "`+token+`"`)
}

// figure reads a figure and notes its rounding under key, if there is one.
func (lr *lineReader) figure(what, key, token string, u units) *float64 {
	f, ok := readFigure(token, u)
	if !ok {
		lr.fail(what, token, u)
		return nil
	}
	if _, isTime := u["ms"]; isTime && f.value > longestTimeUS {
		lr.fail(what, token, u)
		lr.impossible = true
		return nil
	}
	if key != "" {
		lr.report.round(key, f)
	}
	return &f.value
}

// longestTimeUS is a year: nothing that wrk measures takes so long.
const longestTimeUS = 365 * 24 * 3600e6

func (lr *lineReader) time(what, token string) *float64 { return lr.figure(what, "", token, timeUnits) }

func (lr *lineReader) count(what, token string) *uint64 {
	n := readCount(token)
	if n == nil {
		lr.fail(what, token, counts)
	}
	return n
}

// row gives the four figures of a line of the statistics; nil if it has not so
// many, or has none for want of samples: wrk prints zeros beside a nan then.
func (lr *lineReader) row(text string) []string {
	fields := strings.Fields(unitApart.ReplaceAllString(text, "$1$2"))
	switch {
	case len(fields) != 4:
		lr.fail("the line", text, units{})
		lr.expected = "four figures are expected"
	case strings.Contains(text, "nan") || strings.Contains(text, "inf"):
		lr.fail("the line", text, units{})
	default:
		return fields
	}
	return nil
}

// unitApart is a unit that a blank has come before.
var unitApart = regexp.MustCompile(`(\d) (us|µs|ms|s|m|h|%|[KMGTP]?B)\b`)

func (lr *lineReader) latency(m []string) {
	lr.name = "Latency"
	row := lr.row(m[1])
	if row == nil {
		return
	}
	r := lr.report
	r.LatencyMeanUS = lr.figure("mean", "latency_mean_us", row[0], timeUnits)
	r.LatencyStdevUS = lr.figure("standard deviation", "latency_stdev_us", row[1], timeUnits)
	if f, ok := readFigure(row[2], timeUnits); ok && lr.run.third == p99Column {
		lr.run.p99 = &Percentile{99, f.value, f.halfWidth}
	} else {
		r.LatencyMaxUS = lr.figure("maximum", "latency_max_us", row[2], timeUnits)
	}
	r.LatencyWithinStdev = lr.share(row[3])
}

func (lr *lineReader) threadRequests(m []string) {
	lr.name = "Req/Sec"
	row := lr.row(m[1])
	if row == nil {
		return
	}
	r := lr.report
	r.ThreadRequestsMeanPS = lr.figure("mean", "thread_requests_mean_per_s", row[0], metricUnits)
	r.ThreadRequestsStdevPS = lr.figure("standard deviation", "thread_requests_stdev_per_s", row[1], metricUnits)
	if lr.run.third != p99Column {
		r.ThreadRequestsMaxPS = lr.figure("maximum", "thread_requests_max_per_s", row[2], metricUnits)
	}
	r.ThreadRequestsWithinStdev = lr.share(row[3])
}

// share is how much lies within one standard deviation.
func (lr *lineReader) share(token string) *float64 {
	v := lr.figure("share within a standard deviation", "", token, percent)
	if v != nil && *v > 1 {
		lr.fail("share within a standard deviation", token, percent)
		lr.impossible = true
		return nil
	}
	return v
}

func (lr *lineReader) table(m []string) {
	table := &Distribution{}
	if m[1] != "" {
		lr.report.Tool = "wrk2"
	}
	if m[1] == "Uncorrected" {
		lr.report.LatencyUncorrected = table
	} else {
		lr.report.Latency = table
	}
	lr.run.table = table
}

func (lr *lineReader) spectrumHead([]string) { lr.report.Tool = "wrk2" }

// distribution is the table that a line belongs to, also where its head is
// missing.
func (lr *lineReader) distribution() *Distribution {
	if lr.run.table == nil {
		lr.report.Latency = &Distribution{}
		lr.run.table = lr.report.Latency
	}
	return lr.run.table
}

func (lr *lineReader) percentile(m []string) {
	lr.name = "Latency Distribution"
	f, ok := readFigure(m[1], plain)
	if !ok || f.value > 100 {
		lr.fail("percentile", m[1], percent)
		return
	}
	at := lr.figure(m[1]+" %", "", unitApart.ReplaceAllString(m[2], "$1$2"), timeUnits)
	if at == nil {
		return
	}
	us, _ := readFigure(unitApart.ReplaceAllString(m[2], "$1$2"), timeUnits)
	d := lr.distribution()
	d.Percentiles = append(d.Percentiles, Percentile{f.value, *at, us.halfWidth})
}

func (lr *lineReader) spectrum(m []string) {
	lr.name = "Detailed Percentile spectrum"
	us, fraction, n := lr.figure("value", "", m[1], millisecond), lr.figure("percentile", "", m[2], plain), lr.count("count", m[3])
	if us == nil || fraction == nil || n == nil {
		return
	}
	if *fraction > 1 {
		lr.fail("percentile", m[2], plain)
		return
	}
	d := lr.distribution()
	d.Spectrum = append(d.Spectrum, SpectrumPoint{*fraction, *us, *n})
}

func (lr *lineReader) moments(m []string) {
	lr.name, lr.report.Tool = "#[Mean", "wrk2"
	d := lr.distribution()
	d.MeanUS, d.StdevUS = lr.figure("mean", "", m[1], millisecond), lr.figure("standard deviation", "", m[2], millisecond)
}

func (lr *lineReader) total(m []string) {
	lr.name, lr.report.Tool = "#[Max", "wrk2"
	d := lr.distribution()
	d.MaxUS, d.Count = lr.figure("maximum", "", m[1], millisecond), lr.count("count", m[2])
}

// requestsRest is what follows "requests in".
var requestsRest = regexp.MustCompile(`^(\S+?),?\s+(\S+)\s+read\.?$`)

func (lr *lineReader) requests(m []string) {
	lr.name = "requests in"
	r := lr.report
	r.Requests = lr.count("requests", m[1])
	rest := requestsRest.FindStringSubmatch(unitApart.ReplaceAllString(m[2], "$1$2"))
	if rest == nil {
		lr.fail("duration and bytes", m[2], timeUnits)
		return
	}
	r.DurationUS = lr.figure("duration", "duration_us", rest[1], timeUnits)
	r.ReadBytes = lr.figure("bytes read", "read_bytes", rest[2], byteUnits)
}

var errorCounts = regexp.MustCompile(`^connect:? ([\d.,'’_]*\d),? read:? ([\d.,'’_]*\d),? write:? ([\d.,'’_]*\d),? timeout:? ([\d.,'’_]*\d)$`)

func (lr *lineReader) socketErrors(m []string) {
	lr.name = "Socket errors"
	fields := errorCounts.FindStringSubmatch(strings.Join(strings.Fields(m[1]), " "))
	if fields == nil {
		lr.fail("the line", m[1], counts)
		lr.expected = "connect, read, write and timeout are expected, each with a count"
		return
	}
	var e SocketErrors
	for i, field := range []*uint64{&e.Connect, &e.Read, &e.Write, &e.Timeout} {
		n := lr.count([]string{"connect", "read", "write", "timeout"}[i], fields[i+1])
		if n == nil {
			return
		}
		*field = *n
	}
	lr.report.SocketErrors = &e
}

func (lr *lineReader) statusErrors(m []string) {
	lr.name = "Non-2xx or 3xx responses"
	lr.report.StatusAbove399 = lr.count("count", m[1])
}

func (lr *lineReader) throughput(m []string) {
	lr.name = "Requests/sec"
	lr.report.RequestsPS = lr.figure("rate", "requests_per_s", m[1], plain)
}

func (lr *lineReader) transfer(m []string) {
	lr.name = "Transfer/sec"
	lr.report.TransferBytesPS = lr.figure("rate", "transfer_bytes_per_s", unitApart.ReplaceAllString(m[1], "$1$2"), byteUnits)
}
