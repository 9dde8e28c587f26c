package parse

import (
	"fmt"
	"math"
	"regexp"
	"strings"
)

// phase is how far into a run's text the reader is.
type phase int

const (
	preamble phase = iota // until the statistics: scripts may print anywhere
	summary               // statistics to Transfer/sec: all threads have ended, only wrk prints
	done                  // after it: what the script's done() prints
)

// runReader reads the text of one run line by line.
type runReader struct {
	report Report
	phase  phase
	table  *Distribution // the percentile table that is being read
}

// lineKind recognises one line of wrk.
type lineKind struct {
	phase   phase
	pattern *regexp.Regexp
	read    func(*runReader, []string)
}

func kind(p phase, pattern string, read func(*runReader, []string)) lineKind {
	return lineKind{p, regexp.MustCompile(pattern), read}
}

// lineKinds are tried in order; the first that matches takes the line. Formats:
// main and print_* in wrk's src/wrk.c and wrk2's, hdr_percentiles_print in
// wrk2's src/hdr_histogram.c. Patterns of the preamble are open to the left,
// for a script may print there without a line end.
var lineKinds = []lineKind{
	kind(preamble, startLine.String(), (*runReader).readStart),
	kind(preamble, `(\d+) threads and (\d+) connections$`, (*runReader).readLoad),
	kind(preamble, `Thread calibration: mean lat\.: ([\d.]+)ms, rate sampling interval: (\d+)ms$`, (*runReader).readCalibration),
	kind(preamble, `Thread Stats\s+Avg\s+Stdev\s+Max\s+\+/- Stdev$`, func(rd *runReader, _ []string) { rd.phase = summary }),
	kind(summary, `^\s+Latency\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)$`, (*runReader).readLatency),
	kind(summary, `^\s+Req/Sec\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)$`, (*runReader).readThreadRequests),
	kind(summary, `^\s+Latency Distribution(?: \(HdrHistogram - (Recorded|Uncorrected) Latency.*\))?$`, (*runReader).readTable),
	kind(summary, `^\s*(\d+(?:\.\d+)?)%\s+(\S+)$`, (*runReader).readPercentile),
	kind(summary, `^\s+([\d.]+)\s+([\d.]+)\s+(\d+)\s+(?:[\d.]+|inf)$`, (*runReader).readSpectrum),
	kind(summary, `^#\[Mean\s*=\s*(\S+), StdDeviation\s*=\s*(\S+)\]$`, (*runReader).readMoments),
	kind(summary, `^#\[Max\s*=\s*(\S+), Total count\s*=\s*(\d+)\]$`, (*runReader).readTotal),
	kind(summary, `^\s+(\d+) requests in (\S+), (\S+) read$`, (*runReader).readRequests),
	kind(summary, `^\s+Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)$`, (*runReader).readSocketErrors),
	kind(summary, `^\s+Non-2xx or 3xx responses: (\d+)$`, (*runReader).readStatusErrors),
	kind(summary, `^Requests/sec:\s+(\S+)$`, (*runReader).readThroughput),
	kind(summary, `^Transfer/sec:\s+(\S+)$`, (*runReader).readTransfer),
}

func (rd *runReader) read(line string) {
	for _, k := range lineKinds {
		if k.phase != rd.phase {
			continue
		}
		if m := k.pattern.FindStringSubmatch(line); m != nil {
			k.read(rd, m)
			return
		}
	}
}

func (rd *runReader) readStart(m []string) {
	rd.report.URL = strings.ToValidUTF8(m[2], "\ufffd")
	rd.report.DurationAskedS = rd.report.rounded("duration_asked_s", m[1], secondUnits)
}

func (rd *runReader) readLoad(m []string) {
	if rd.report.Threads == nil {
		rd.report.Threads, rd.report.Connections = readCount(m[1]), readCount(m[2])
	}
}

func (rd *runReader) readCalibration(m []string) {
	rd.report.Tool = "wrk2"
	mean, interval := value(m[1], millisecond), value(m[2], millisecond)
	if mean != nil && interval != nil {
		rd.report.Calibrations = append(rd.report.Calibrations, Calibration{*mean, *interval})
	}
}

// noSamples: in a row without samples wrk and wrk2 print zeros beside a nan.
func noSamples(row []string) bool { return strings.Contains(strings.Join(row, " "), "nan") }

func (rd *runReader) readLatency(m []string) {
	if noSamples(m[1:]) {
		return
	}
	r := &rd.report
	r.LatencyMeanUS = r.rounded("latency_mean_us", m[1], timeUnits)
	r.LatencyStdevUS = r.rounded("latency_stdev_us", m[2], timeUnits)
	r.LatencyMaxUS = r.rounded("latency_max_us", m[3], timeUnits)
	r.LatencyWithinStdev = value(m[4], percent)
}

func (rd *runReader) readThreadRequests(m []string) {
	if noSamples(m[1:]) {
		return
	}
	r := &rd.report
	r.ThreadRequestsMeanPS = r.rounded("thread_requests_mean_per_s", m[1], metricUnits)
	r.ThreadRequestsStdevPS = r.rounded("thread_requests_stdev_per_s", m[2], metricUnits)
	r.ThreadRequestsMaxPS = r.rounded("thread_requests_max_per_s", m[3], metricUnits)
	r.ThreadRequestsWithinStdev = value(m[4], percent)
}

func (rd *runReader) readTable(m []string) {
	rd.table = &Distribution{}
	if m[1] != "" {
		rd.report.Tool = "wrk2"
	}
	if m[1] == "Uncorrected" {
		rd.report.LatencyUncorrected = rd.table
	} else {
		rd.report.Latency = rd.table
	}
}

func (rd *runReader) readPercentile(m []string) {
	p := value(m[1], plain)
	us, ok := readFigure(m[2], timeUnits)
	if rd.table != nil && p != nil && *p <= 100 && ok {
		rd.table.Percentiles = append(rd.table.Percentiles, Percentile{*p, us.value, us.halfWidth})
	}
}

func (rd *runReader) readSpectrum(m []string) {
	us, fraction, n := value(m[1], millisecond), value(m[2], plain), readCount(m[3])
	if rd.table != nil && us != nil && fraction != nil && *fraction <= 1 && n != nil {
		rd.table.Spectrum = append(rd.table.Spectrum, SpectrumPoint{*fraction, *us, *n})
	}
}

func (rd *runReader) readMoments(m []string) {
	if rd.table != nil {
		rd.table.MeanUS, rd.table.StdevUS = value(m[1], millisecond), value(m[2], millisecond)
	}
}

func (rd *runReader) readTotal(m []string) {
	if rd.table != nil {
		rd.table.MaxUS, rd.table.Count = value(m[1], millisecond), readCount(m[2])
	}
}

func (rd *runReader) readRequests(m []string) {
	r := &rd.report
	r.Requests = readCount(m[1])
	r.DurationUS = r.rounded("duration_us", m[2], timeUnits)
	r.ReadBytes = r.rounded("read_bytes", m[3], byteUnits)
}

func (rd *runReader) readSocketErrors(m []string) {
	var e SocketErrors
	for i, field := range []*uint64{&e.Connect, &e.Read, &e.Write, &e.Timeout} {
		n := readCount(m[i+1])
		if n == nil {
			return
		}
		*field = *n
	}
	rd.report.SocketErrors = &e
}

func (rd *runReader) readStatusErrors(m []string) { rd.report.StatusAbove399 = readCount(m[1]) }

func (rd *runReader) readThroughput(m []string) {
	rd.report.RequestsPS = rd.report.rounded("requests_per_s", m[1], plain)
}

func (rd *runReader) readTransfer(m []string) {
	rd.report.TransferBytesPS = rd.report.rounded("transfer_bytes_per_s", m[1], byteUnits)
	rd.phase = done
}

// finish adds what follows from the whole: the block, the check by Little's
// law, warnings.
func (rd *runReader) finish(run runText) {
	r := &rd.report
	if rd.phase != done {
		r.Truncated = true
		r.warn("the text ends before wrk's last line: figures are missing")
	}
	if !run.started {
		r.warn("the text lacks wrk's first lines: target and load are unknown")
	}
	if data, found := FindBlock([]byte(run.text)); found {
		r.attach(data)
	}
	if r.Requests != nil && *r.Requests == 0 {
		r.Latency = nil // a table of zeros
		r.warn("not a single answer came: there is no latency")
	}
	if r.SocketErrors != nil {
		e := *r.SocketErrors
		r.warn("socket errors: %d connect, %d read, %d write, %d answers slower than -T and in no percentile", e.Connect, e.Read, e.Write, e.Timeout)
	}
	if r.StatusAbove399 != nil {
		r.warn("%d answers had a status above 399", *r.StatusAbove399)
	}
	r.checkLittle()
}

// attach adds the script's block, or says why there is none.
func (r *Report) attach(data []byte) {
	b, err := ReadBlock(data)
	if err != nil {
		r.warn("the result block of the script is damaged: %v", err)
	}
	r.Block = b
}

// checkLittle compares the printed mean latency with what the throughput
// allows. wrk2 does not keep its connections busy, so the law says nothing.
func (r *Report) checkLittle() {
	if r.Tool != "wrk" || r.Connections == nil || r.RequestsPS == nil || r.LatencyMeanUS == nil {
		return
	}
	ratio := LittleRatio(int(min(*r.Connections, exactInteger)), *r.RequestsPS, *r.LatencyMeanUS)
	if ratio == 0 || math.IsInf(ratio, 0) {
		return
	}
	r.LittleRatio = &ratio
	switch {
	case ratio < 0.8:
		r.warn("the mean latency is %.1f times what %d connections at this throughput can have: wrk's correction has added samples that were never measured", 1/ratio, *r.Connections)
	case ratio > 1.25:
		r.warn("the connections were idle or hung for a good part of the time: %d would reach %.1f times this throughput at this mean latency", *r.Connections, ratio)
	}
}

func (r *Report) warn(format string, args ...any) {
	r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
}
