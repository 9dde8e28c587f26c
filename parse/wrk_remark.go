package parse

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Figures as wrk prints them, for the ends of its lines. None ends in a separator.
const (
	aNumber = `\d(?:[\d.,'’_]*\d)?`
	aTime   = aNumber + `\s?(?:us|µs|ms|s|m|h)\b`
	aSize   = aNumber + `\s?[KMGTP]?B\b`
	aShare  = aNumber + `\s?%`
	aRate   = aNumber + `[kMGTP]?`
)

// completeLine is a line of wrk to its last figure, and what follows it.
var completeLine = regexp.MustCompile(`(?:` + strings.Join([]string{
	aNumber + ` threads? and ` + aNumber + ` connections?\b`,
	`Thread calibration: mean lat\.: \S+, rate sampling interval: [\d.]+(?:ms|msec|us|sec)`,
	`Thread Stats\s+Avg\s+Stdev\s+\S+\s+\+/- Stdev`,
	`Latency:?\s+` + aTime + `\s+` + aTime + `\s+` + aTime + `\s+` + aShare,
	`Req/Sec:?\s+` + aRate + `\s+` + aRate + `\s+` + aRate + `\s+` + aShare,
	`(?:Latency|Req/Sec):?\s+[-nainf\d.us]+\s+[-nainf\d.us]+\s+[-nainf\d.us]+\s+-?(?:nan|inf)%`,
	`Latency Distribution \(HdrHistogram - Recorded Latency\)`,
	`Latency Distribution \(HdrHistogram - Uncorrected Latency \([^()]*\)\)`,
	`Latency Distribution\b`,
	aShare + `\s+` + aTime,
	`Detailed Percentile spectrum:`,
	aNumber + `\s+[01]\.\d+\s+\d+\s+(?:` + aNumber + `|inf)\b`,
	`#\[(?:Mean|Max|Buckets)\s*=[^\]]*\]`,
	aNumber + ` requests in ` + aTime + `, ` + aSize + ` read\b`,
	`Socket errors: connect ` + aNumber + `, read ` + aNumber + `, write ` + aNumber + `, timeout ` + aNumber,
	`Non-2xx or 3xx responses:\s+` + aNumber,
	`Requests/sec:\s+` + aNumber,
	`Transfer/sec:\s+` + aSize,
}, `|`) + `)`)

// wrksOwn is in what follows a line if another one of wrk does: columns, say.
var wrksOwn = regexp.MustCompile(`threads? and |Thread (?:Stats|calibration)|Latency|Req/Sec|\d%\s+\d|requests in |Socket errors|Non-2xx|(?:Requests|Transfer)/sec|Running \S+ test`)

// cutRemark takes off what others have put behind a line of wrk: the end of a
// string and of the statement it is in, a comment, a translation, a prompt.
func cutRemark(line string) string {
	at := completeLine.FindStringIndex(line)
	if at == nil || at[1] == len(line) {
		return line
	}
	kept, rest := line[:at[1]], line[at[1]:]
	if wrksOwn.MatchString(rest) || !isRemark(rest) {
		return line
	}
	return kept
}

// isRemark reports whether what follows a figure cannot be a part of it: not
// further digits, nor a unit that wrk does not print there.
func isRemark(rest string) bool {
	first, _ := utf8.DecodeRuneInString(rest)
	text := strings.TrimSpace(rest)
	if text == "" || strings.HasPrefix(text, "(HdrHistogram") {
		return false
	}
	word, size := utf8.DecodeRuneInString(text)
	switch {
	case unicode.IsDigit(word), strings.ContainsRune(".-+/:%", first):
		return false
	case unicode.IsSpace(first) && unicode.IsLetter(word): // "219.66 k", "7.1 GB/s"
		next, _ := utf8.DecodeRuneInString(text[size:])
		return unicode.IsLetter(next) && !unitWord.MatchString(text)
	}
	return !unicode.IsLetter(first) || first > unicode.MaxASCII
}

var unitWord = regexp.MustCompile(`(?i)^(?:[kmgtp]i?b|bit|us|ms|sec|min|req|mio|mrd|tsd|thousand|million|billion)`)

// target is what wrk was asked to load, of the end of its first line: it has no
// blank, but may be followed by what ends a string or brackets, and Markdown makes
// a link of it. before is what stands before the line.
func target(text, before string) string {
	text, _, _ = strings.Cut(text, " ")
	if link := markdownLink.FindStringSubmatch(text); link != nil {
		return link[1]
	}
	if strings.HasSuffix(before, "'") {
		text, _, _ = strings.Cut(text, "'")
	}
	if strings.Count(text, ")") > strings.Count(text, "(") {
		text = strings.TrimSuffix(text, ")")
	}
	if end := strings.IndexAny(text, "\"\\`<（"); end >= 0 {
		text = text[:end]
	}
	return text
}

var markdownLink = regexp.MustCompile(`^\[([^\]]+)\]\(.*\)$`)
