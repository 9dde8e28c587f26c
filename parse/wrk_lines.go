package parse

import (
	"regexp"
	"strings"
)

// place is where in the order of its output wrk prints a line.
type place int

const (
	atStart place = iota
	atLoad
	atCalibration
	atHead
	atLatency
	atThreadRequests
	atDistribution // tables of percentiles, wrk2's spectrums
	atRequests
	atSocketErrors
	atStatus
	atThroughput
	atTransfer
	places
)

// lineKind recognises one line of wrk.
type lineKind struct {
	place   place
	pattern *regexp.Regexp
	read    func(*lineReader, []string) // nil: nothing is in it
}

func kind(p place, pattern string, read func(*lineReader, []string)) lineKind {
	return lineKind{p, regexp.MustCompile(pattern), read}
}

// Lines before the statistics are open to the left, for a script may print
// there without a line end.
var (
	loadLine        = regexp.MustCompile(`([\d,.]*\d) threads? and ([\d,.]*\d) connections?$`)
	calibrationLine = regexp.MustCompile(`Thread calibration: mean lat\.: (\S+?)\s?(ms|usec|us|sec), rate sampling interval: (\S+?)\s?(ms|msec|us|sec)$`)
)

// lineKinds are tried in order; the first that matches takes the line. Formats:
// main and print_* in wrk's src/wrk.c and wrk2's, hdr_percentiles_print in
// wrk2's src/hdr_histogram.c. A pattern is wide: what it takes and cannot be
// read is said.
var lineKinds = []lineKind{
	kind(atLoad, loadLine.String(), nil),
	kind(atCalibration, calibrationLine.String(), nil),
	kind(atDistribution, `^\s*Latency Distribution(?: \(HdrHistogram - (Recorded|Uncorrected) Latency.*)?$`, (*lineReader).table),
	kind(atDistribution, `^\s*Detailed Percentile spectrum:$`, (*lineReader).spectrumHead),
	kind(atDistribution, `^\s*Value\s+Percentile\s+TotalCount\s+1/\(1-Percentile\)$|^\s*#\[Buckets\s*=.*$|^\s*-{20,}$`, nil),
	kind(atDistribution, `^\s*#\[Mean\s*=\s*(\S+), StdDeviation\s*=\s*(\S+)\]$`, (*lineReader).moments),
	kind(atDistribution, `^\s*#\[Max\s*=\s*(\S+), Total count\s*=\s*(\S+)\]$`, (*lineReader).total),
	kind(atDistribution, `^\s*([\d.,]+)\s?%\s*(\S.*|)$`, (*lineReader).percentile),
	kind(atDistribution, `^\s*([\d.,]+|-?nan|inf)\s+([\d.,]+|-?nan)\s+(\d+)\s+([\d.,]+|-?nan|inf)$`, (*lineReader).spectrum),
	kind(atLatency, `^\s*Latency:?\s+([-+~<]?[\d.,].*|-?(?:nan|inf).*)$`, (*lineReader).latency),
	kind(atThreadRequests, `^\s*Req/Sec:?\s+(\S.*)$`, (*lineReader).threadRequests),
	kind(atRequests, `^\s*(\d[\d.,'’_ ]*) requests in\s*(.*)$`, (*lineReader).requests),
	kind(atSocketErrors, `^\s*Socket errors:\s*(.*)$`, (*lineReader).socketErrors),
	kind(atStatus, `^\s*Non-2xx (?:or|and|/) ?3xx responses:\s*(.*)$`, (*lineReader).statusErrors),
	kind(atThroughput, `^\s*Requests/sec:\s*(.*)$`, (*lineReader).throughput),
	kind(atTransfer, `^\s*Transfer/sec:\s*(.*)$`, (*lineReader).transfer),
}

// recognise finds the kind of a line and what its pattern captures.
func recognise(line string) (lineKind, []string, bool) {
	for _, k := range lineKinds {
		if m := k.pattern.FindStringSubmatch(line); m != nil {
			return k, m, true
		}
	}
	return lineKind{}, nil, false
}

// runReader is a run that is being read.
type runReader struct {
	name     string // of the text
	started  bool   // wrk's own first line is there
	report   Printout
	last     place // of the line read last
	seen     [places]bool
	tangled  int           // runs that printed their first lines together with this one
	previous string        // the line read last
	third    string        // the name of the statistics' third column
	p99      *Percentile   // what stands there, where it is p99Column
	table    *Distribution // the percentiles that are being read
	problems problems
}

// p99Column is what some makes of wrk2 print in place of the maximum.
const p99Column = "99%"

// repeats reports whether a line cannot be of this run: wrk prints each once,
// and none after a later one.
func (run *runReader) repeats(k lineKind, m []string) bool {
	switch {
	case k.place < run.last:
		return true
	case k.place != atDistribution:
		return run.seen[k.place]
	case strings.HasPrefix(k.pattern.String(), tableStart):
		return m[1] == "Uncorrected" && run.report.LatencyUncorrected != nil || m[1] != "Uncorrected" && run.report.Latency != nil
	}
	return false
}

const tableStart = `^\s*Latency Distribution`

// take reads the figures of a line.
func (run *runReader) take(k lineKind, l textLine, m []string) {
	run.last, run.previous = k.place, l.text
	run.seen[k.place] = true
	run.problems.foreign, run.problems.after = append(run.problems.foreign, run.problems.after...), nil
	if k.read != nil {
		lr := lineReader{run: run, report: &run.report, line: l}
		k.read(&lr, m)
		run.problems.add(lr)
	}
}

func (run *runReader) readStart(m []string, before string) {
	run.seen[atStart] = true
	run.report.URL = strings.ToValidUTF8(target(m[2], before), "\ufffd")
	if m[1] != "" {
		run.report.DurationAskedS = run.report.rounded("duration_asked_s", m[1], secondUnits)
	}
}

// readPreamble takes what stands before the statistics, and reports whether it
// did: threads and connections once, any number of calibrations.
func (run *runReader) readPreamble(l textLine) bool {
	if m := loadLine.FindStringSubmatch(l.text); m != nil && !run.seen[atLoad] {
		run.seen[atLoad], run.last = true, atLoad
		run.report.Threads, run.report.Connections = readCount(m[1]), readCount(m[2])
		return true
	}
	m := calibrationLine.FindStringSubmatch(l.text)
	if m == nil || run.last > atCalibration {
		return false
	}
	run.last, run.report.Tool = atCalibration, "wrk2"
	lr := lineReader{run: run, report: &run.report, line: l, name: "Thread calibration"}
	mean, interval := lr.time("mean", m[1]+calibrationUnit[m[2]]), lr.time("interval", m[3]+calibrationUnit[m[4]])
	if mean != nil && interval != nil {
		run.report.Calibrations = append(run.report.Calibrations, Calibration{*mean, *interval})
	}
	run.problems.add(lr)
	return true
}

// calibrationUnit is a unit as other lines have it: wrk2 spelled them out once.
var calibrationUnit = map[string]string{"ms": "ms", "msec": "ms", "us": "us", "usec": "us", "sec": "s"}
