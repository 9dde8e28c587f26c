package yamlfile

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"taskbench/internal/source"
)

// syntaxError reports text that is no YAML, and what people mostly did who wrote
// such text: the library sees only where it could not go on.
func (r *Reader) syntaxError(err error) {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil {
		r.Fail(r.At(1, 1), "", "not YAML: %w", err)
		return
	}
	m := mistake{r, r.place(syntax.Token), syntax.Message}
	hint := m.hint()
	if open, bracket := m.unclosed(); open.IsValid() {
		m.pos, m.message = open, fmt.Sprintf("%c is not closed before line %d", bracket, m.pos.Line)
		hint = fmt.Sprintf("close it with %c, or put a comma behind each line within it", closing[bracket])
	}
	r.Fail(m.pos, hint, "not YAML: %s", strings.ReplaceAll(m.message, "\t", "\\t"))
}

// mistake is a syntax error as the library tells it.
type mistake struct {
	*Reader
	pos     source.Position
	message string
}

const inQuotes = "put the value in quotes"

// hint is what to write instead; "" where nobody can tell.
func (m mistake) hint() string {
	says := func(part string) bool { return strings.Contains(m.message, part) }
	switch {
	case says("\t"):
		return "indent with spaces"
	case says("must be specified"):
		return m.inBrackets()
	case says("flow map content"), says("flow sequence content"), says("unexpected scalar value type"):
		return "put in quotes what has [ ] { } * or & in it: they have a meaning of their own"
	case says("invalid header option"):
		return inQuotes + ": > and | begin text of several lines"
	case says("non-map value is specified"):
		return "a list cannot stand beside keys: give it a key of its own, such as steps:"
	case says("directive"):
		return inQuotes
	case says("unexpected key name"):
		return "write a blank behind the colon: name: value"
	case says("could not find end character"):
		return "close the quotes"
	case says("pre-defined"):
		return "something stands behind the quotes: write '' for a ' within single quotes, or use double quotes"
	case says("reserved character"):
		return inQuotes
	case says("not allowed in this context"):
		return m.outOfPlace()
	}
	return ""
}

// inBrackets is the hint to a list or mapping in brackets that goes wrong.
func (m mistake) inBrackets() string {
	line := m.line(m.pos.Line)
	switch {
	case bytes.Contains(line, []byte("${")) && bytes.ContainsAny(line, "{["):
		return "quote what holds a reference: \"${…}\" inside { }"
	case m.at("{[&*"):
		return "put in quotes what has [ ] { } * or & in it: they have a meaning of their own"
	}
	return "a comma or a closing bracket is missing before this"
}

// at reports whether one of the characters stands where the mistake is.
func (m mistake) at(characters string) bool {
	line := m.line(m.pos.Line)
	return m.pos.Column <= len(line) && strings.IndexByte(characters, line[m.pos.Column-1]) >= 0
}

var (
	keyLine   = regexp.MustCompile(`^\s*(?:- +)*[A-Za-z_][\w.-]*:(?:\s|$)`)
	twoColons = regexp.MustCompile(`^\s*(?:- +)*[A-Za-z_][\w.-]*:\s+[^\s"'\[{].*:(?:\s|$)`)
	gluedDash = regexp.MustCompile(`^\s*-[A-Za-z_]`)
	listsKey  = regexp.MustCompile(`^\s*(?:flow|mix|setup|steps):\s*$`)
)

// outOfPlace is the hint to what stands where nothing of its kind can.
func (m mistake) outOfPlace() string {
	line := m.line(m.pos.Line)
	next, before := m.following(), m.line(m.preceding())
	dash := bytes.HasPrefix(bytes.TrimSpace(line), []byte("-"))
	columns, deeper := m.open(dash), bytes.HasSuffix(bytes.TrimSpace(before), []byte(":")) && indent(line) > indent(before)
	switch {
	case m.at("}]"):
		return "remove it: nothing is open here"
	case gluedDash.Match(line):
		return "write a blank behind the dash: - name: value"
	case twoColons.Match(line):
		return inQuotes
	case !keyLine.Match(line):
		return inQuotes
	case !dash && m.pos.Line > 1 && listsKey.Match(before):
		return "begin each step with a dash: - " + string(bytes.TrimSpace(line))
	case len(columns) > 0 && !deeper && !slices.Contains(columns, indent(line)):
		return fmt.Sprintf("indent it by %d: what belongs together begins in one column", nearest(columns, indent(line)))
	case next > 0 && indent(m.line(next)) > content(line):
		return fmt.Sprintf("line %d is indented too far: what belongs together begins in one column", next)
	}
	return inQuotes
}

// nearest is the number that differs least, the first of those.
func nearest(numbers []int, to int) int {
	return slices.MinFunc(numbers, func(a, b int) int { return max(a-to, to-a) - max(b-to, to-b) })
}

// indent is how many blanks a line begins with; content how many stand before
// its first key, which may follow a dash.
func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " ")) }

func content(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " -")) }

// following is the number of the next line that has something on it, 0: none.
func (m mistake) following() int {
	for n := m.pos.Line + 1; n <= len(m.lines); n++ {
		if len(bytes.TrimSpace(m.line(n))) > 0 {
			return n
		}
	}
	return 0
}

// preceding is the number of the line before that has something on it, at least 1.
func (m mistake) preceding() int {
	for n := m.pos.Line - 1; n > 1; n-- {
		if len(bytes.TrimSpace(m.line(n))) > 0 {
			return n
		}
	}
	return 1
}

// open are the columns in which dashes, or else keys, stand that the line could
// go on with, the innermost first.
func (m mistake) open(dashes bool) []int {
	var columns []int
	limit := 1 << 30
	for n := m.pos.Line - 1; n > 0; n-- {
		line := m.line(n)
		if len(bytes.TrimSpace(line)) == 0 || indent(line) >= limit {
			continue
		}
		limit = indent(line)
		inner := content(line)
		switch {
		case !dashes:
			columns = append(columns, inner)
		case inner > limit:
			columns = append(columns, limit)
		}
	}
	return columns
}

var closing = map[byte]byte{'{': '}', '[': ']'}

// unclosed is the innermost bracket of a line before the mistake that is not
// closed, where the library missed its end.
func (m mistake) unclosed() (at source.Position, bracket byte) {
	if !strings.Contains(m.message, "must be specified") {
		return at, 0
	}
	var open []source.Position
	for n := 1; n < m.pos.Line; n++ {
		line := m.line(n)
		var quote byte
		for i, c := range line {
			switch {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case (c == '"' || c == '\'') && begins(line, i):
				quote = c
			case c == '#' && begins(line, i):
				line = line[:i]
			case (c == '{' || c == '[') && (len(open) > 0 || begins(line, i)):
				open = append(open, m.At(n, i+1))
			case (c == '}' || c == ']') && len(open) > 0:
				open = open[:len(open)-1]
			}
			if i >= len(line) {
				break
			}
		}
	}
	if len(open) == 0 {
		return at, 0
	}
	at = open[len(open)-1]
	return at, m.line(at.Line)[at.Column-1]
}

// begins reports whether a value may begin at this byte of a line.
func begins(line []byte, i int) bool {
	return i == 0 || bytes.IndexByte([]byte(" \t[{,:"), line[i-1]) >= 0
}
