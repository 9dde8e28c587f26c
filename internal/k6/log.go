package k6

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"taskbench/internal/source"
	"taskbench/parse"
)

// Log is what k6 processes left: one, or several whose logs are in one file.
type Log struct {
	Name       string // of the file, or of the process
	Told       []Telling
	Complaints []string // what k6 itself calls an error
	Aborted    bool     // it was interrupted, and says so
	Last       string   // its last line that is not empty
}

// Telling is what a virtual user says that it counted.
type Telling struct {
	User, Of int // its number, from 1, and how many there are in the whole test
	Line     int // where, from 1
	Block    *parse.Block
}

// told begins the line of a virtual user, whatever stands before it.
var told = regexp.MustCompile(`\btaskbench (\d{1,9})/(\d{1,9}) `)

// longestLine is beyond what a virtual user of any scenario tells, in bytes.
const longestLine = 64 << 20

// ReadLog reads a log in any form that k6 writes or kubectl prints: raw, JSON or
// logfmt, behind prefixes, with lines of others in between. A line of a virtual user
// that is cut, or whose figures contradict themselves, is an error with its place.
func ReadLog(name string, in io.Reader) (*Log, error) {
	l := &Log{Name: name}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestLine)
	before := ""
	n := 0
	for lines.Scan() {
		n++
		if err := l.line(n, lines.Text(), before); err != nil {
			return nil, err
		}
		before = lines.Text()
		if text := strings.TrimSpace(before); text != "" {
			l.Last = text
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, source.Errorf(source.Position{File: name, Line: n + 1}, "give the logs of k6 processes", "this line is longer than %d bytes, which is no line of k6", longestLine)
	} else if err != nil {
		return nil, source.WithHint(fmt.Errorf("cannot read %s: %w", name, err), "give the logs of k6 processes")
	}
	return l, nil
}

// line takes one line; before is the one above it.
func (l *Log) line(n int, text, before string) error {
	at := source.Position{File: l.Name, Line: n}
	t, found, err := telling(text, nested)
	if err != nil {
		message, hint := source.Split(err)
		return source.Errorf(at, hint, "%s", message)
	}
	if found {
		t.Line = n
		l.Told = append(l.Told, t)
		return nil
	}
	switch said := complaint(text, before); {
	case strings.Contains(said, "k6 received a '"): // a signal
		l.Aborted = true
	case said != "":
		l.Complaints = append(l.Complaints, said)
	}
	return nil
}

// nested is in how many texts in quotes a line may stand: that of k6, of a
// container's log, and of what collects those.
const nested = 4

// telling finds what a virtual user tells in a line.
func telling(text string, depth int) (Telling, bool, error) {
	m := told.FindStringSubmatchIndex(text)
	if m == nil || depth == 0 {
		return Telling{}, false, nil
	}
	rest := text[m[1]:]
	switch {
	case strings.HasPrefix(rest, `{\`):
		inner, found := unquote(text, m[0])
		if !found {
			return Telling{}, false, errCut(text[m[2]:m[3]])
		}
		return telling(inner, depth-1)
	case rest != "" && rest[0] != '{':
		return Telling{}, false, nil // somebody else's words
	}
	block, whole := summed(rest)
	if !whole {
		return Telling{}, false, errCut(text[m[2]:m[3]])
	}
	user, _ := strconv.Atoi(text[m[2]:m[3]]) // nine digits are a number
	of, _ := strconv.Atoi(text[m[4]:m[5]])
	if user < 1 || user > of {
		return Telling{}, false, source.WithHint(fmt.Errorf("virtual user %d of %d tells something: there is no such one", user, of), "write the script again with this build")
	}
	b, err := parse.ReadBlock(block)
	if err != nil {
		message, hint := source.Split(err)
		return Telling{}, false, source.WithHint(fmt.Errorf("virtual user %d: %s", user, message), hint)
	}
	return Telling{User: user, Of: of, Block: b}, true, nil
}

// sum stands behind what a virtual user tells: the beginning of its SHA-256.
var sum = regexp.MustCompile(`^ sum ([0-9a-f]{8})`)

// summed is the JSON value that a text begins with, and whether it is whole: parts of a
// line may be missing, or another's, and what is left still be JSON.
func summed(text string) (block json.RawMessage, whole bool) {
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&block); err != nil {
		return nil, false
	}
	m := sum.FindStringSubmatch(text[d.InputOffset():])
	return block, m == nil || m[1] == fmt.Sprintf("%.4x", sha256.Sum256(block))
}

func errCut(user string) error {
	return source.WithHint(fmt.Errorf("what virtual user %s tells is cut off, or mixed with another line", user),
		"the process ended while it wrote, the disk was full, or the log was not read to its end: take it again, or run the test again")
}

// unquote gives the text of which a part in quotes is at place at: a string of a
// JSON object, or a value of logfmt.
func unquote(text string, at int) (string, bool) {
	if open := strings.IndexByte(text, '{'); open >= 0 && open < at {
		var fields map[string]any
		if err := json.NewDecoder(strings.NewReader(text[open:])).Decode(&fields); err != nil {
			return "", false
		}
		for _, value := range fields {
			if inner, is := value.(string); is && told.MatchString(inner) {
				return inner, true
			}
		}
		return "", false
	}
	open := strings.LastIndexByte(text[:at], '"')
	if open < 0 {
		return "", false
	}
	quoted, err := strconv.QuotedPrefix(text[open:])
	if err != nil {
		return "", false
	}
	inner, err := strconv.Unquote(quoted)
	return inner, err == nil && told.MatchString(inner)
}

var (
	logfmtError = regexp.MustCompile(`\blevel=(?:error|fatal|panic)\b.* msg=("(?:[^"\\]|\\.)*"|\S+)`)
	stackLine   = regexp.MustCompile(`^\s+at .*\bfile://\S+:\d+:\d+`)
)

// complaint is what k6 calls an error in a line; "" for any other. In a raw log it
// stands above the first line of a stack.
func complaint(text, before string) string {
	if open := strings.IndexByte(text, '{'); open >= 0 {
		var entry struct{ Level, Msg string }
		if err := json.Unmarshal(bytes.TrimSpace([]byte(text[open:])), &entry); err == nil {
			if entry.Level == "error" || entry.Level == "fatal" || entry.Level == "panic" {
				return firstLine(entry.Msg)
			}
			return ""
		}
	}
	if m := logfmtError.FindStringSubmatch(text); m != nil {
		if said, err := strconv.Unquote(m[1]); err == nil {
			return firstLine(said)
		}
		return m[1]
	}
	if strings.HasPrefix(text, "fatal error: ") || strings.HasPrefix(text, "panic: ") { // of Go
		return text
	}
	if stackLine.MatchString(text) && !stackLine.MatchString(before) {
		return strings.TrimSpace(before)
	}
	return ""
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
