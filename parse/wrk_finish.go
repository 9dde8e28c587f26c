package parse

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"taskbench/internal/source"
)

// problems are what stands in the lines of a run and cannot be used.
type problems struct {
	unreadable []problem
	foreign    []problem // known to be between wrk's lines
	after      []problem // since the last of wrk's lines
}

// problem is a message about a place.
type problem struct {
	pos     source.Position
	line    string // its name
	message string
	nan     bool
}

// add takes what a line's reader could not read.
func (p *problems) add(lr lineReader) {
	if len(lr.unreadable) == 0 {
		return
	}
	nan := strings.Contains(lr.token, "nan") || strings.Contains(lr.token, "inf")
	message := fmt.Sprintf("%s of wrk's line %q cannot be read: %s", strings.Join(lr.unreadable, ", "), lr.name, lr.expected)
	if lr.impossible {
		message = fmt.Sprintf("%s of wrk's line %q is impossible, and left out", strings.Join(lr.unreadable, ", "), lr.name)
	}
	if nan {
		message = fmt.Sprintf("wrk had no samples for its line %q and printed nan", lr.name)
	}
	p.unreadable = append(p.unreadable, problem{pos: position(lr.run.name, lr.line, lr.token), line: lr.name, message: message, nan: nan})
}

// position is where a token is in a line as it was handed over; the line alone
// where the token was spelled otherwise.
func position(name string, l textLine, token string) source.Position {
	pos := source.Position{File: name, Line: l.number}
	if at := strings.Index(l.raw, token); at >= 0 {
		pos.Column = utf8.RuneCountInString(l.raw[:at]) + 1
	}
	return pos
}

// foreign notes a line inside of the statistics that is not known, unless a
// prefix shows that others printed it.
func (run *runReader) foreign(l textLine, text string) {
	if text = strings.TrimSpace(text); hasWord.MatchString(text) {
		run.problems.after = append(run.problems.after, problem{
			pos: position(run.name, l, text), message: fmt.Sprintf("%q is no line of wrk: left out", excerpt(text)),
		})
	}
}

var hasWord = regexp.MustCompile(`[\pL\pN]`)

// excerpt is as much of a line as a message shows.
func excerpt(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// warnings says each kind of problem once, with the number of those alike.
func (p problems) warnings(noAnswer bool) []string {
	var all []string
	told := map[string]int{}
	for _, u := range p.unreadable {
		if noAnswer && u.nan {
			continue // that there was nothing to measure is said already
		}
		if i, met := told[u.line]; met && i >= 0 {
			all[i] = strings.TrimSuffix(all[i], andMore) + andMore
			continue
		}
		told[u.line] = len(all)
		all = append(all, u.pos.String()+": "+u.message)
	}
	if n := len(p.foreign); n > 0 {
		message := p.foreign[0].pos.String() + ": " + p.foreign[0].message
		if n > 1 {
			message += fmt.Sprintf(", and %d more", n-1)
		}
		all = append(all, message)
	}
	return all
}

const andMore = "; and more of this kind"

// finish adds what follows from the whole: the block, what is missing, what
// figures say of each other. lines are those of the run.
func (run *runReader) finish(lines []textLine) Printout {
	r := &run.report
	run.missing()
	run.addP99()
	if data, found := findBlock(lines); found {
		r.attach(data)
	}
	noAnswer := r.Requests != nil && *r.Requests == 0
	if noAnswer {
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
	r.Warnings = append(r.Warnings, run.problems.warnings(noAnswer)...)
	run.checkRate()
	r.checkOrder()
	r.checkLittle()
	return *r
}

// addP99 makes a percentile of what stood in the place of the maximum, unless
// a table has it more precisely.
func (run *runReader) addP99() {
	r := &run.report
	switch {
	case run.p99 == nil:
	case r.Latency == nil:
		r.Latency = &Distribution{Percentiles: []Percentile{*run.p99}}
	case len(r.Latency.Percentiles) == 0:
		r.Latency.Percentiles = []Percentile{*run.p99}
	}
}

// alwaysThere are the lines that wrk prints in every run, by their beginning.
var alwaysThere = []struct {
	place place
	name  string
}{
	{atHead, "Thread Stats"}, {atLatency, "Latency"}, {atThreadRequests, "Req/Sec"}, {atRequests, "… requests in …"},
	{atThroughput, "Requests/sec"}, {atTransfer, "Transfer/sec"},
}

// missing says which lines are expected and not there.
func (run *runReader) missing() {
	var within, after []string
	for _, line := range alwaysThere {
		switch {
		case run.seen[line.place]:
		case line.place < run.last:
			within = append(within, line.name)
		default:
			after = append(after, line.name)
		}
	}
	if len(after) > 0 {
		run.report.Truncated = true
		run.report.warn("the text ends before wrk's last line: figures are missing (%s)", strings.Join(after, ", "))
	}
	switch {
	case run.tangled > 0:
		run.report.warn("%d runs printed into this text at once: target and load of each are unknown", run.tangled)
	case !run.started && !run.seen[atLoad]:
		run.report.warn("the text lacks wrk's first lines: target and load are unknown")
	case !run.started:
		run.report.warn("the text lacks wrk's first line, \"Running … test @ …\": the target is unknown")
	case run.seen[atStart] && run.report.URL == "":
		run.report.warn("wrk's first line, \"Running … test @ …\", does not name the target here")
	case !run.seen[atLoad] && run.last > atLoad:
		run.report.warn("the text lacks wrk's line \"… threads and … connections\": the load is unknown")
	}
	if len(within) > 0 {
		run.report.warn("the text lacks lines of wrk that are always there: %s", strings.Join(within, ", "))
	}
}

// damaged begins the warning that says why a block is left out.
const damaged = "the result block of the script is damaged: "

// attach adds the script's block, or says why there is none.
func (r *Printout) attach(data []byte) {
	b, err := ReadBlock(data)
	if err != nil {
		r.warn(damaged+"%v", err)
	}
	r.Block = b
}

// checkRate holds the rates against requests and duration, from which wrk
// computes them. Where the duration is impossible, so are they.
func (run *runReader) checkRate() {
	const rounding = 0.05 // of durations in minutes and hours, and some
	r := &run.report
	if r.Requests == nil || r.RequestsPS == nil || *r.Requests == 0 {
		return
	}
	if *r.RequestsPS == 0 || r.DurationUS == nil && run.impossible("requests in") {
		r.warn("Requests/sec and Transfer/sec are left out: %g a second is not the rate of %d requests, wrk's clock was wrong", *r.RequestsPS, *r.Requests)
		r.drop(&r.RequestsPS, "requests_per_s")
		r.drop(&r.TransferBytesPS, "transfer_bytes_per_s")
		return
	}
	if r.DurationUS == nil || *r.DurationUS == 0 {
		return
	}
	rate := float64(*r.Requests) / (*r.DurationUS / 1e6)
	if off := math.Abs(*r.RequestsPS-rate) / rate; off > rounding && math.Abs(*r.RequestsPS-rate) > 1 {
		r.warn("Requests/sec is %g, but %d requests in that time are %.2f a second: the figures are not of one run", *r.RequestsPS, *r.Requests, rate)
	}
}

// impossible reports whether a line has a figure that cannot be.
func (run *runReader) impossible(line string) bool {
	for _, u := range run.problems.unreadable {
		if u.line == line && strings.Contains(u.message, "impossible") {
			return true
		}
	}
	return false
}

func (r *Printout) drop(figure **float64, key string) {
	*figure = nil
	delete(r.RoundingHalfWidth, key)
}

// checkOrder holds the latencies against each other.
func (r *Printout) checkOrder() {
	const rounding = 1.01
	if r.LatencyMeanUS != nil && r.LatencyMaxUS != nil && *r.LatencyMeanUS > *r.LatencyMaxUS*rounding {
		r.warn("the mean latency is above the largest: the figures are not of one run, or a unit was lost")
	}
	for _, d := range []*Distribution{r.Latency, r.LatencyUncorrected} {
		if d == nil {
			continue
		}
		for i := 1; i < len(d.Percentiles); i++ {
			if a, b := d.Percentiles[i-1], d.Percentiles[i]; a.Percent < b.Percent && a.LatencyUS > b.LatencyUS*rounding {
				r.warn("%g %% of the answers are told to take longer than %g %%: a unit was lost, or a digit", a.Percent, b.Percent)
				break
			}
		}
	}
}

// checkLittle compares the printed mean latency with what the throughput
// allows. wrk2 does not keep its connections busy, so the law says nothing.
func (r *Printout) checkLittle() {
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
		r.warn("the mean latency is %.1f times what %d connections at this throughput can have with one request each: wrk's correction has added samples that were never measured, or requests were pipelined", 1/ratio, *r.Connections)
	case ratio > 1.25:
		r.warn("the connections were idle or hung for a good part of the time: %d would reach %.1f times this throughput at this mean latency", *r.Connections, ratio)
	}
}

func (r *Printout) warn(format string, args ...any) {
	r.Warnings = append(r.Warnings, fmt.Sprintf(format, args...))
}
