package parse

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// runsReader finds the runs in the lines of one source. Between the head of
// wrk's statistics and its last line only wrk prints; outside of them scripts
// may print anything, and what they print is no figure.
type runsReader struct {
	name string
	runs []*runReader
	// inside is whether lines are those of the last run's statistics. Outside,
	// they are kept until it is known what they are.
	inside  bool
	outside []textLine
	prefix  *linePrefix // of the statistics' lines
}

// readRuns gives the runs of a text, or of one source of it.
func readRuns(name string, lines []textLine) []Printout {
	rd := runsReader{name: name}
	for _, l := range lines {
		rd.read(l)
	}
	rd.settle()
	rd.untangle()
	var reports []Printout
	for i, run := range rd.runs {
		end := len(lines)
		if i+1 < len(rd.runs) {
			end = indexOf(lines, rd.runs[i+1].report.Line)
		}
		begin := indexOf(lines, run.report.Line)
		if run.started && commandOfWrk2(lines[:begin]) {
			run.report.Tool = "wrk2"
		}
		if i == 0 {
			reports = append(reports, blockAlone(lines[:begin])...)
		}
		reports = append(reports, run.finish(lines[begin:end]))
	}
	if len(rd.runs) == 0 {
		return blockAlone(lines)
	}
	return reports
}

// commandOfWrk2 reports whether the command before a run is wrk2's: wrk2 prints
// no more than wrk when a run is too short for its calibration.
func commandOfWrk2(before []textLine) bool {
	const near = 3
	for _, l := range before[max(0, len(before)-near):] {
		if wrk2Command.MatchString(l.text) {
			return true
		}
	}
	return false
}

var wrk2Command = regexp.MustCompile(`(?:^|[\s/])wrk2\s+-|(?:^|[\s/])wrk2?\s(?:.*\s)?(?:-R ?\d|--rate[ =]\d)`)

// indexOf is where the line of that number is.
func indexOf(lines []textLine, number int) int {
	at, _ := slices.BinarySearchFunc(lines, number, func(l textLine, n int) int { return l.number - n })
	return at
}

// startLine is wrk's first line. A script may have printed before it without a
// line end; "Making" is how wrk 1 began. headLine begins the statistics.
var (
	startLine = regexp.MustCompile(`(?:Running (\S+) test @|Making \d+ requests to)(?: +(\S.*)|\s*)$`)
	headLine  = regexp.MustCompile(`Thread Stats(?:\s|\\t)+Avg(?:\s|\\t)+Stdev(?:\s|\\t)+(Max|99%)`)
)

// selfDelimiting is the one last line that is believed without a line end,
// for wrk's last line ends in a B.
var selfDelimiting = regexp.MustCompile(`^\s*Transfer/sec: +[\d.,]+[KMGTP]?B$`)

func (rd *runsReader) read(l textLine) {
	if l.text == "" {
		return
	}
	if rest, _ := rd.prefix.off(l.text); !l.whole && !selfDelimiting.MatchString(rest) && !selfDelimiting.MatchString(l.text) {
		return // cut off in the middle: 2.41m may have been 2.41ms
	}
	if m := startLine.FindStringSubmatch(l.text); m != nil {
		rd.settle()
		rd.begin(l, true).readStart(m, l.text[:strings.Index(l.text, m[0])])
		return
	}
	if at := headLine.FindStringIndex(l.text); at != nil {
		rd.head(l, l.text[:at[0]])
		return
	}
	if rd.inside {
		rd.figures(l)
		return
	}
	rd.outside = append(rd.outside, l)
}

// begin makes a run that begins at a line; started if wrk's own first line.
func (rd *runsReader) begin(l textLine, started bool) *runReader {
	run := &runReader{name: rd.name, started: started, report: Printout{Tool: "wrk", Line: l.number}}
	rd.runs, rd.inside, rd.outside = append(rd.runs, run), false, nil
	return run
}

// open is the last run if none of its figures was met; nil if there is none such.
func (rd *runsReader) open() *runReader {
	if len(rd.runs) == 0 || rd.runs[len(rd.runs)-1].last > atCalibration {
		return nil
	}
	return rd.runs[len(rd.runs)-1]
}

// head takes the head of statistics. They are those of the open run, unless a
// second line of threads and connections has come between.
func (rd *runsReader) head(l textLine, before string) {
	prefix := learnPrefix(before)
	between := rd.outside // nothing, inside
	at, loads := lastLoad(between, prefix)
	run := rd.open()
	if rd.inside || run == nil || loads > 1 {
		rd.outside = between[:at]
		rd.settle()
		first := l
		if at < len(between) {
			first = between[at]
		}
		run = rd.begin(first, false)
	}
	rd.prefix, rd.outside = prefix, nil
	for _, l := range between[min(at, len(between)):] {
		run.readPreamble(l)
	}
	run.third = headLine.FindStringSubmatch(l.text)[1]
	run.last, rd.inside = atHead, true
	run.seen[atHead] = true
}

// lastLoad is where the last line of threads and connections is (the end if
// there is none), and how many there are, of lines that have the prefix.
func lastLoad(lines []textLine, prefix *linePrefix) (at, n int) {
	at = len(lines)
	for i, l := range lines {
		if _, had := prefix.off(l.text); had && loadLine.MatchString(l.text) {
			at, n = i, n+1
		}
	}
	if n == 0 {
		at = 0
		for at < len(lines) && !calibrationLine.MatchString(lines[at].text) {
			at++
		}
	}
	return at, n
}

// figures takes a line inside of the statistics.
func (rd *runsReader) figures(l textLine) {
	run := rd.runs[len(rd.runs)-1]
	rest, _ := rd.prefix.off(l.text)
	k, m, found := recognise(rest)
	if !found && rest != l.text {
		k, m, found = recognise(l.text)
	}
	switch {
	case !found:
		run.foreign(l, rest)
		return
	case k.place == atLoad:
		rd.outside, rd.inside = nil, false
		rd.outside = append(rd.outside, l)
		return
	case k.place == atCalibration:
		return
	case run.repeats(k, m):
		if l.text == run.previous {
			return // tee and scripts may show a line twice
		}
		run = rd.begin(l, false)
		rd.inside = true
	}
	run.take(k, l, m)
	if k.place == atTransfer {
		rd.inside = false
	}
}

// settle decides what the lines outside of statistics were, when it is clear
// that no head follows: figures of a run whose head is missing, if they have
// wrk's form, else what scripts print.
func (rd *runsReader) settle() {
	lines := rd.outside
	rd.outside = nil
	run := rd.open()
	prefix, sure := learnFromFigures(lines)
	if !sure && run == nil {
		return
	}
	rd.prefix = prefix
	for _, l := range lines {
		rest, had := prefix.off(l.text)
		k, m, found := recognise(rest)
		switch {
		case run != nil && run.readPreamble(l):
		case !found || !had:
		case k.place == atLoad:
			run = rd.begin(l, false)
			run.readPreamble(l)
		case k.place <= atHead || !sure && !exactLine.MatchString(rest):
		default:
			if run == nil || run.repeats(k, m) {
				run = rd.begin(l, false)
			}
			run.take(k, l, m)
		}
	}
	rd.dropEmpty()
}

// dropEmpty forgets runs of which only a line of threads and connections was
// there, which a script may have printed.
func (rd *runsReader) dropEmpty() {
	kept := rd.runs[:0]
	for _, run := range rd.runs {
		if run.started || run.last > atHead || run.seen[atHead] {
			kept = append(kept, run)
		}
	}
	rd.runs = kept
}

// sureFigures are lines that others hardly print by chance; exactLine is what
// else is believed of a run that has no head.
var (
	sureFigures = regexp.MustCompile(`Latency Distribution \(HdrHistogram - |(?:Latency|Req/Sec)\s+[\d.]+\S*\s+[\d.]+\S*\s+[\d.]+\S*\s+[\d.]+%?$|\b\d[\d,.]* requests in \S+,\s+\S+ read$`)
	exactLine   = regexp.MustCompile(`^\s*(?:Requests/sec: +\d[\d.,]*|Transfer/sec: +\d[\d.,]*[KMGTP]?B)$`)
)

// learnFromFigures is the prefix of the first line that is surely wrk's, and
// whether there is one: another of wrk's lines has the same prefix.
func learnFromFigures(lines []textLine) (prefix *linePrefix, sure bool) {
	var tried []*linePrefix
	for _, l := range lines {
		at := sureFigures.FindStringIndex(l.text)
		if at == nil {
			continue
		}
		prefix = learnPrefix(l.text[:at[0]])
		if known(tried, prefix) || len(tried) == mostPrefixes {
			continue
		}
		tried = append(tried, prefix)
		places, rows := map[place]bool{}, 0
		for _, other := range lines {
			if rest, had := prefix.off(other.text); had {
				if k, m, found := recognise(rest); found && k.place > atHead && k.place != atDistribution {
					places[k.place] = true
				} else if found && k.place == atDistribution && len(m) == 3 {
					rows++
				}
			}
		}
		if len(places) > 1 || rows > 2 && strings.Contains(l.text, "HdrHistogram") {
			return prefix, true
		}
	}
	return nil, false
}

// blockAlone reads a text of which only the part behind the marker is ours.
func blockAlone(lines []textLine) []Printout {
	data, found := findBlock(lines)
	if !found {
		return nil
	}
	r := Printout{Line: lines[0].number}
	r.attach(data)
	return []Printout{r}
}

// findBlock is FindBlock in lines that may have a prefix: the marker's own.
func findBlock(lines []textLine) ([]byte, bool) {
	var text bytes.Buffer
	var prefix *linePrefix
	number, marked := 0, false
	for _, l := range lines {
		if l.number == number {
			continue
		}
		number = l.number
		raw := logged(l.raw)
		if strings.Contains(raw, "\x1b") { // which JSON never has
			raw = terminalCodes.ReplaceAllString(raw, "")
		}
		if before, _, is := strings.Cut(l.text, Marker); is && strings.HasSuffix(l.text, Marker) {
			prefix, marked = learnPrefix(before), true
			text.Reset()
			raw = Marker
		}
		if marked {
			raw, _ = prefix.off(raw)
			text.WriteString(raw + "\n")
		}
	}
	return FindBlock(text.Bytes())
}
