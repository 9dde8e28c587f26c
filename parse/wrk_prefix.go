package parse

import (
	"regexp"
	"strings"
)

// linePrefix takes off what stands before wrk's own text on every line: marks
// of a quotation, line numbers, time stamps, names of services. nil takes off
// nothing.
type linePrefix struct{ pattern *regexp.Regexp }

// prefixPart is a piece of a prefix that may differ from line to line (numbers,
// names of months and days, blanks) or one that does not.
var prefixPart = regexp.MustCompile(`\d+(?:[.,]\d+)?|\s+|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b`)

// learnPrefix makes a prefix of what stands before wrk's text on one line.
func learnPrefix(before string) *linePrefix {
	before = strings.TrimSpace(before)
	if before == "" {
		return nil
	}
	var b strings.Builder
	b.WriteString(`^\s*`)
	start := 0
	for _, at := range prefixPart.FindAllStringIndex(before, -1) {
		b.WriteString(regexp.QuoteMeta(before[start:at[0]]))
		switch c := before[at[0]]; {
		case c >= '0' && c <= '9':
			b.WriteString(`\d+(?:[.,]\d+)?`)
		case c >= 'A' && c <= 'Z':
			b.WriteString(`[A-Z][a-z]{2}`)
		default:
			b.WriteString(`\s*`)
		}
		start = at[1]
	}
	b.WriteString(regexp.QuoteMeta(before[start:]))
	if endsInWord.MatchString(before) {
		b.WriteString(`(?:\s|$)`) // a line number does not end in the middle of a figure
	}
	pattern, err := regexp.Compile(b.String())
	if err != nil { // beyond what the package takes: no log's prefix
		return nil
	}
	return &linePrefix{pattern}
}

var endsInWord = regexp.MustCompile(`[\pL\pN]$`)

// off is a line without the prefix, and whether it had it.
func (p *linePrefix) off(line string) (string, bool) {
	if p == nil {
		return line, true
	}
	at := p.pattern.FindStringIndex(line)
	if at == nil {
		return line, false
	}
	return line[at[1]:], true
}

// same reports whether two prefixes are of one kind.
func (p *linePrefix) same(other *linePrefix) bool {
	return (p == nil) == (other == nil) && (p == nil || p.pattern.String() == other.pattern.String())
}

// streams takes apart what several runs printed in turn, as the services of a
// composition do into one log: each by the prefix of its lines, the last being
// the rest. A prefix counts if it has a letter (a figure could be taken
// for a line number) and stands before several of wrk's lines.
func streams(lines []textLine) [][]textLine {
	var prefixes, tried []*linePrefix
	for _, l := range lines {
		at := headLine.FindStringIndex(l.text)
		if at == nil || !hasLetter.MatchString(l.text[:at[0]]) || len(tried) == mostPrefixes {
			continue
		}
		p := learnPrefix(l.text[:at[0]])
		if p == nil || known(tried, p) {
			continue
		}
		if tried = append(tried, p); p.standsBefore(lines) {
			prefixes = append(prefixes, p)
		}
	}
	if len(prefixes) < 2 {
		return [][]textLine{lines}
	}
	parts := make([][]textLine, len(prefixes)+1)
	for _, l := range lines {
		i := 0
		for i < len(prefixes) && !prefixes[i].pattern.MatchString(l.text) {
			i++
		}
		parts[i] = append(parts[i], l)
	}
	return parts
}

// mostPrefixes is how many different ones a text may have; what comes before
// further heads of statistics is taken for a script's half line.
const mostPrefixes = 20

var hasLetter = regexp.MustCompile(`\pL`)

func known(prefixes []*linePrefix, p *linePrefix) bool {
	for _, other := range prefixes {
		if p.same(other) {
			return true
		}
	}
	return false
}

// standsBefore reports whether the prefix is before more of wrk's lines than
// a script's half line would be.
func (p *linePrefix) standsBefore(lines []textLine) bool {
	const enough = 3
	n := 0
	for _, l := range lines {
		if rest, had := p.off(l.text); had {
			if _, _, is := recognise(rest); is {
				if n++; n == enough {
					return true
				}
			}
		}
	}
	return false
}
