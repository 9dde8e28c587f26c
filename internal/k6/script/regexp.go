package script

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// regexpOf is an RE2 expression as one of JavaScript that finds the same. Of groups only
// the first is kept, where it is captured. Expressions were looked at before: see
// checkRegexp.
func regexpOf(expr string, captures bool) string {
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic(err) // the scenario was loaded
	}
	w := &regexpWriter{captures: captures}
	w.write(parsed)
	if w.b.Len() == 0 {
		return "/(?:)/u"
	}
	return "/" + w.b.String() + "/u"
}

// checkRegexp says why an expression has no equal in JavaScript.
func checkRegexp(expr string, captures bool) error {
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return err
	}
	if !captures {
		return nil // only whether there is a match
	}
	return sameMatches(parsed, false)
}

var (
	errGroup = errors.New("its group is repeated, and JavaScript forgets what it found before")
	errEmpty = errors.New("it repeats what may be empty, which ends elsewhere in JavaScript")
)

// sameMatches looks for what makes matches or groups differ: groups within a repetition,
// and repetitions of what may be empty.
func sameMatches(re *syntax.Regexp, repeated bool) error {
	switch re.Op {
	case syntax.OpCapture:
		if repeated && re.Cap == 1 {
			return errGroup
		}
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		if mayBeEmpty(re.Sub[0]) {
			return errEmpty
		}
		repeated = true
	}
	for _, sub := range re.Sub {
		if err := sameMatches(sub, repeated); err != nil {
			return err
		}
	}
	return nil
}

// mayBeEmpty reports whether an expression can match without a character.
func mayBeEmpty(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpNoMatch:
		return false
	case syntax.OpCapture, syntax.OpPlus:
		return mayBeEmpty(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min == 0 || mayBeEmpty(re.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !mayBeEmpty(sub) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(re.Sub, mayBeEmpty)
	}
	return true
}

type regexpWriter struct {
	b        strings.Builder
	captures bool
}

// plainOps are written in one way.
var plainOps = map[syntax.Op]string{
	syntax.OpNoMatch:        `[]`,
	syntax.OpEmptyMatch:     `(?:)`,
	syntax.OpAnyCharNotNL:   `[^\n]`,
	syntax.OpAnyChar:        `[^]`,
	syntax.OpBeginLine:      `(?<![^\n])`,
	syntax.OpEndLine:        `(?![^\n])`,
	syntax.OpBeginText:      `^`,
	syntax.OpEndText:        `$`,
	syntax.OpWordBoundary:   `\b`,
	syntax.OpNoWordBoundary: `\B`,
}

func (w *regexpWriter) write(re *syntax.Regexp) {
	if text, ok := plainOps[re.Op]; ok {
		w.b.WriteString(text)
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			w.literal(r, re.Flags&syntax.FoldCase != 0)
		}
	case syntax.OpCharClass:
		w.class(re.Rune)
	case syntax.OpCapture:
		w.group(re.Sub[0], re.Cap == 1 && w.captures)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			w.part(sub, sub.Op == syntax.OpAlternate)
		}
	case syntax.OpAlternate:
		for i, sub := range re.Sub {
			if i > 0 {
				w.b.WriteByte('|')
			}
			w.write(sub)
		}
	default:
		w.repeat(re)
	}
}

func (w *regexpWriter) part(re *syntax.Regexp, grouped bool) {
	if grouped {
		w.group(re, false)
		return
	}
	w.write(re)
}

func (w *regexpWriter) group(re *syntax.Regexp, captures bool) {
	w.b.WriteString(map[bool]string{true: "(", false: "(?:"}[captures])
	w.write(re)
	w.b.WriteByte(')')
}

func (w *regexpWriter) repeat(re *syntax.Regexp) {
	sub := re.Sub[0]
	single := sub.Op == syntax.OpCharClass || sub.Op == syntax.OpAnyChar || sub.Op == syntax.OpAnyCharNotNL || sub.Op == syntax.OpCapture ||
		sub.Op == syntax.OpLiteral && len(sub.Rune) == 1
	w.part(sub, !single)
	switch re.Op {
	case syntax.OpStar:
		w.b.WriteByte('*')
	case syntax.OpPlus:
		w.b.WriteByte('+')
	case syntax.OpQuest:
		w.b.WriteByte('?')
	case syntax.OpRepeat:
		switch {
		case re.Max == re.Min:
			fmt.Fprintf(&w.b, "{%d}", re.Min)
		case re.Max < 0:
			fmt.Fprintf(&w.b, "{%d,}", re.Min)
		default:
			fmt.Fprintf(&w.b, "{%d,%d}", re.Min, re.Max)
		}
	}
	if re.Flags&syntax.NonGreedy != 0 {
		w.b.WriteByte('?')
	}
}

// literal is one character, or all that differ from it only in case.
func (w *regexpWriter) literal(r rune, fold bool) {
	if !fold || unicode.SimpleFold(r) == r {
		w.b.WriteString(inRegexp(r))
		return
	}
	w.b.WriteString("[" + inRegexp(r))
	for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
		w.b.WriteString(inRegexp(f))
	}
	w.b.WriteByte(']')
}

func (w *regexpWriter) class(pairs []rune) {
	if len(pairs) > 0 && pairs[0] == 0 && pairs[len(pairs)-1] == unicode.MaxRune {
		w.b.WriteString("[^")
		for i := 1; i+1 < len(pairs); i += 2 {
			w.span(pairs[i]+1, pairs[i+1]-1)
		}
		w.b.WriteByte(']')
		return
	}
	w.b.WriteByte('[')
	for i := 0; i < len(pairs); i += 2 {
		w.span(pairs[i], pairs[i+1])
	}
	w.b.WriteByte(']')
}

func (w *regexpWriter) span(low, high rune) {
	w.b.WriteString(inRegexp(low))
	if high > low {
		w.b.WriteString("-" + inRegexp(high))
	}
}

// inRegexp writes a character so that it means itself, within a class too.
func inRegexp(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case strings.ContainsRune(`^$\.*+?()[]{}|/-`, r):
		if r == '-' {
			return `\x2d` // a dash alone may only be escaped within a class
		}
		return `\` + string(r)
	case r == ' ' || r < unicode.MaxASCII && unicode.IsPrint(r):
		return string(r)
	case unicode.IsLetter(r) && unicode.IsPrint(r):
		return string(r)
	case r > 0xffff:
		return fmt.Sprintf(`\u{%x}`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
