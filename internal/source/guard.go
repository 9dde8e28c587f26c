package source

import (
	"io"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Guard is the printer through which everything for people and build logs
// passes, foreign text in it or not. What Printable replaces it replaces, and no
// line becomes a command to the CI service that reads it: GitHub Actions obeys
// lines that begin with "::" (blanks before it do not matter) and "##[" anywhere,
// Azure Pipelines "##vso[", TeamCity "##teamcity[". A blank is put into those, so
// that they can still be read. It sees lines as they are printed, so that it
// does not matter who wrapped or joined them.
//
// It is safe for concurrent use. Its zero value is not ready: see NewGuard.
type Guard struct {
	mu     sync.Mutex
	w      io.Writer
	styled bool
	moving bool
	rest   []byte // the beginning of a rune whose end is still to come
	at     place
}

// place is where in a line the guard is, as far as commands are concerned.
type place struct {
	started bool // something but blanks was printed
	colon   bool // that was one colon, the first of the line
	hashes  int  // how many stand before here, letters after them left out
	letters bool
}

// NewGuard guards w. styled lets colours through, moving also what redraws a
// line (carriage return, erase): for what this program writes to a terminal.
func NewGuard(w io.Writer, styled, moving bool) *Guard {
	return &Guard{w: w, styled: styled, moving: moving}
}

// Write prints p, made safe. It reports len(p) unless the writing fails.
func (g *Guard) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	text := string(append(g.rest, p...))
	text, g.rest = wholeRunes(text)
	if _, err := io.WriteString(g.w, g.safe(text)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// wholeRunes keeps back the bytes of a rune that is not whole yet.
func wholeRunes(text string) (whole string, rest []byte) {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRuneInString(tail) {
				return text[:len(text)-n], []byte(tail)
			}
			break
		}
	}
	return text, nil
}

// ownSequence is what this program itself sends to terminals.
var ownSequence = regexp.MustCompile(`^\x1b\[([0-9;]*m|K)`)

func (g *Guard) safe(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		if n := g.own(text); n > 0 {
			b.WriteString(text[:n])
			text = text[n:]
			continue
		}
		text = text[size:]
		switch {
		case r == '\r' && strings.HasPrefix(text, "\n"):
			continue
		case r == '\r' && g.moving:
			g.at = place{}
		case !harmless(r):
			r = utf8.RuneError
		}
		if g.at.commands(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// own is the length of an escape sequence of this program at the start of text.
func (g *Guard) own(text string) int {
	if text[0] != '\x1b' || !g.styled && !g.moving {
		return 0
	}
	sequence := ownSequence.FindString(text)
	if strings.HasSuffix(sequence, "K") && !g.moving || strings.HasSuffix(sequence, "m") && !g.styled {
		return 0
	}
	return len(sequence)
}

// commands takes the next rune of a line, and reports whether it would complete
// the beginning of a command.
func (p *place) commands(r rune) bool {
	was := *p
	switch {
	case r == '\n', r == '\r':
		*p = place{}
		return false
	case !was.started && unicode.IsSpace(r):
		return false
	}
	p.started, p.colon = true, !was.started && r == ':'
	switch {
	case r == '#' && was.letters:
		p.hashes, p.letters = 1, false
	case r == '#':
		p.hashes++
	case was.hashes > 0 && unicode.IsLetter(r):
		p.letters = true
	default:
		p.hashes, p.letters = 0, false
	}
	return was.colon && r == ':' || r == '[' && was.hashes > 1
}
