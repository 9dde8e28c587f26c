package parse

import (
	"bytes"
	"html"
	"iter"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// textLine is a line of a text as wrk may have printed it.
type textLine struct {
	number int    // in the text as it was handed over, from 1
	raw    string // as it was handed over
	text   string // without what mail, terminals, logs and web pages make of a line
	whole  bool   // ends as lines do: 2.41m at the end of a text may have been 2.41ms
}

// longestLine is beyond any line of wrk, its target's URL included. Longer ones
// are a script's (a block is one line of megabytes) and not searched.
const longestLine = 1 << 16

// textLines gives the lines of a text one by one. One that holds several of
// wrk's, as web pages and JSON strings make of them, comes as several with one
// number.
func textLines(text string) iter.Seq[textLine] {
	return func(yield func(textLine) bool) {
		number := 0
		for raw := range strings.Lines(text) {
			number++
			l := textLine{number: number, raw: strings.TrimRight(raw, "\r\n"), whole: strings.HasSuffix(raw, "\n")}
			if len(raw) > longestLine {
				if !yield(l) {
					return
				}
				continue
			}
			parts := splitLine(logged(l.raw))
			for i, part := range parts {
				text := cleanLine(part)
				l.text = cutRemark(text)
				l.whole = l.whole || i+1 < len(parts) || len(l.text) < len(text)
				if !yield(l) {
					return
				}
				l.whole = strings.HasSuffix(raw, "\n")
			}
		}
	}
}

// decodeText makes UTF-8 of what Windows' shells write into files.
func decodeText(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if len(text) < 2 {
		return text
	}
	low, high := 0, 1 // where a unit's bytes are
	switch {
	case text[0] == 0xff && text[1] == 0xfe, text[0] != 0 && text[1] == 0:
	case text[0] == 0xfe && text[1] == 0xff, text[0] == 0 && text[1] != 0:
		low, high = 1, 0
	default:
		return text
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 0; i+1 < len(text); i += 2 {
		units = append(units, uint16(text[i+low])|uint16(text[i+high])<<8)
	}
	return bytes.TrimPrefix([]byte(string(utf16.Decode(units))), []byte("\ufeff"))
}

// logged is the message of a line that a logger wrapped in JSON.
func logged(line string) string {
	trimmed := strings.TrimSpace(line)
	if !strings.HasPrefix(trimmed, "{") || !gjson.Valid(trimmed) {
		return line
	}
	for _, key := range []string{"log", "message", "msg", "textPayload", "MESSAGE"} {
		if v := gjson.Get(trimmed, key); v.Type == gjson.String {
			return strings.TrimRight(v.Str, "\r\n")
		}
	}
	return line
}

// lineBreak is what stands for the end of a line in web pages and in strings.
var lineBreak = regexp.MustCompile(`(?i)\r+|<br\s*/?>|</?(?:p|div|li|tr|pre)\b[^<>]*>|\\r\\n|\\n|&#(?:10|13|xa|xd);`)

// wrkWords are in every text that is worth being split at \n, which may also
// be a part of a path.
var wrkWords = regexp.MustCompile(`threads and .*Thread Stats|Thread Stats.*Latency`)

func splitLine(line string) []string {
	escaped := strings.Contains(line, "Thread Stats") && wrkWords.MatchString(line)
	if !escaped && !strings.ContainsAny(line, "\r<") {
		return []string{line}
	}
	var parts []string
	start := 0
	for _, at := range lineBreak.FindAllStringIndex(line, -1) {
		if line[at[0]] == '\\' && !escaped {
			continue
		}
		parts = append(parts, line[start:at[0]])
		start = at[1]
	}
	parts = append(parts, line[start:])
	if escaped {
		parts = splitRunOn(parts)
	}
	return parts
}

// runOn begins each line of wrk in a text whose line ends were lost.
var runOn = regexp.MustCompile(`\s(\d+ threads and |Thread Stats\s|Latency\s+\d|Latency Distribution|Req/Sec\s|\d+(?:\.\d+)?%\s+[\d.]+[mun]?s|` +
	`Thread calibration: |\d+ requests in |Socket errors:|Non-2xx |Requests/sec:|Transfer/sec:)`)

func splitRunOn(parts []string) []string {
	var out []string
	for _, part := range parts {
		start := 0
		if wrkWords.MatchString(part) {
			for _, at := range runOn.FindAllStringIndex(part, -1) {
				out = append(out, part[start:at[0]])
				start = at[0]
			}
		}
		out = append(out, part[start:])
	}
	return out
}

var (
	// terminalCodes are colours and cursor movements, also where a log has lost
	// or spelled out the escape character.
	terminalCodes = regexp.MustCompile("(?:\x1b|\\^\\[|␛|\\\\x1b|\\\\u001b|\\\\033|\\\\e)\\[[0-?]*[ -/]*[@-~]|" +
		"\x1b[\\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\\\)?|\x1b[ -/]*[0-~]|\\[\\d{0,3}(?:;\\d{1,3})*[mK]")
	tags      = regexp.MustCompile(`(?i)</?(?:a|b|strong|em|i|u|code|tt|span|font|td|th|samp|kbd|small|html|body|blockquote|details|summary|table|tbody)\b[^<>]*>`)
	entities  = regexp.MustCompile(`&(?:[a-zA-Z]+|#\d+|#[xX][0-9a-fA-F]+);`)
	latin1    = strings.NewReplacer("\xb5", "µ", "\xa0", " ", "\xb1", "±")
	emphasis  = strings.NewReplacer("**", "", "`", "", `\%`, "%")
	lineTail  = regexp.MustCompile(`\s+[|│┃║\\]+$`)
	tableLine = regexp.MustCompile(`^\s*[|│┃║].*[|│┃║]\s*$`)
	bars      = strings.NewReplacer("|", " ", "│", " ", "┃", " ", "║", " ")
)

// cleanLine takes off what others have put on a line of wrk, except what stands
// before it on every line: see linePrefix.
func cleanLine(line string) string {
	if !decorated(line) {
		return strings.TrimRight(line, " \t")
	}
	if !utf8.ValidString(line) {
		line = latin1.Replace(line)
	}
	line = terminalCodes.ReplaceAllString(line, "")
	line = tags.ReplaceAllString(line, "")
	line = entities.ReplaceAllStringFunc(line, html.UnescapeString)
	line = strings.Map(plainRune, emphasis.Replace(line))
	if tableLine.MatchString(line) {
		line = bars.Replace(line)
	}
	return strings.TrimRight(lineTail.ReplaceAllString(line, ""), " \t")
}

// decorated reports whether there may be something to take off.
func decorated(line string) bool {
	return strings.ContainsAny(line, "[<&*`|\\") || strings.IndexFunc(line, func(r rune) bool { return r != '\t' && (r < ' ' || r >= 0x7f) }) >= 0
}

// plainRune is the character that wrk printed where a typographic one stands;
// negative for those that nobody sees.
func plainRune(r rune) rune {
	switch {
	case r == '\t':
		return r
	case unicode.Is(unicode.Zs, r):
		return ' '
	case unicode.Is(unicode.Cf, r) || unicode.IsControl(r):
		return -1
	case unicode.Is(unicode.Pd, r) || r == '−':
		return '-'
	case r == 'μ':
		return 'µ'
	}
	return r
}
