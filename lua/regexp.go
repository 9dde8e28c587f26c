package lua

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

	"taskbench/internal/source"
)

// mostInstructions bounds a compiled expression: repeats such as x{1000}
// multiply, and each virtual user runs it on every answer.
const mostInstructions = 4000

// Opcodes of runtime/regexp.lua.
const (
	opAlt = iota + 1
	opCapture
	opEmpty
	opMatch
	opRune
)

// regexp defines a function that searches text by an RE2 expression, and
// gives its name.
func (j *judgement) regexp(stem, expr string, pos source.Position) string {
	j.g.uses("regexp")
	program, err := compileRegexp(expr, pos)
	if err != nil {
		j.err = err
	}
	return j.g.local(stem, "regexp("+program+")")
}

// compileRegexp turns an RE2 expression into the table that
// runtime/regexp.lua runs: the instructions of regexp/syntax, numbered from 1.
func compileRegexp(expr string, pos source.Position) (string, error) {
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return "", source.Errorf(pos, "expressions are RE2, as in Go", "cannot read the expression %q: %w", expr, err)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return "", source.Errorf(pos, "expressions are RE2, as in Go", "cannot compile the expression %q: %w", expr, err)
	}
	if len(program.Inst) > mostInstructions {
		return "", source.Errorf(pos, "use smaller repeats", "the expression %q is too large: %d instructions, at most %d",
			expr, len(program.Inst), mostInstructions)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "{ -- %s\n    start = %d", comment(expr), program.Start+1)
	if prefix, _ := program.Prefix(); prefix != "" {
		fmt.Fprintf(&b, ", prefix = %s", quote(prefix))
	}
	if program.StartCond()&syntax.EmptyBeginText != 0 {
		b.WriteString(", anchored = true")
	}
	for i := range program.Inst {
		if i%8 == 0 {
			b.WriteString(",\n   ")
		} else {
			b.WriteString(",")
		}
		b.WriteString(" " + instruction(&program.Inst[i]))
	}
	b.WriteString("\n  }")
	return b.String(), nil
}

// instruction is { opcode, next, argument }.
func instruction(in *syntax.Inst) string {
	next := in.Out + 1
	switch in.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		return fmt.Sprintf("{ %d, %d, %d }", opAlt, next, in.Arg+1)
	case syntax.InstCapture:
		if in.Arg == 2 || in.Arg == 3 { // the first group
			return fmt.Sprintf("{ %d, %d, %d }", opCapture, next, in.Arg-1)
		}
		return fmt.Sprintf("{ %d, %d, {} }", opEmpty, next)
	case syntax.InstNop:
		return fmt.Sprintf("{ %d, %d, {} }", opEmpty, next)
	case syntax.InstEmptyWidth:
		return fmt.Sprintf("{ %d, %d, %s }", opEmpty, next, assertions(syntax.EmptyOp(in.Arg)))
	case syntax.InstMatch:
		return fmt.Sprintf("{ %d }", opMatch)
	case syntax.InstFail:
		return fmt.Sprintf("{ %d, 0, {} }", opRune)
	}
	return fmt.Sprintf("{ %d, %d, %s }", opRune, next, ranges(in))
}

// assertions numbers what an empty-width instruction asks for.
func assertions(ops syntax.EmptyOp) string {
	var numbers []string
	for i, op := range []syntax.EmptyOp{
		syntax.EmptyBeginLine, syntax.EmptyEndLine, syntax.EmptyBeginText,
		syntax.EmptyEndText, syntax.EmptyWordBoundary, syntax.EmptyNoWordBoundary,
	} {
		if ops&op != 0 {
			numbers = append(numbers, fmt.Sprint(i+1))
		}
	}
	return "{ " + strings.Join(numbers, ", ") + " }"
}

// ranges lists the code points an instruction matches, as pairs.
func ranges(in *syntax.Inst) string {
	var pairs []rune
	switch {
	case in.Op == syntax.InstRuneAny:
		pairs = []rune{0, unicode.MaxRune}
	case in.Op == syntax.InstRuneAnyNotNL:
		pairs = []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
	case len(in.Rune) == 1:
		pairs = folded(in.Rune[0], syntax.Flags(in.Arg)&syntax.FoldCase != 0)
	default:
		pairs = in.Rune
	}
	texts := make([]string, len(pairs))
	for i, r := range pairs {
		texts[i] = fmt.Sprint(r)
	}
	return "{ " + strings.Join(texts, ", ") + " }"
}

// folded is one rune, or all that differ from it only in case.
func folded(r rune, fold bool) []rune {
	pairs := []rune{r, r}
	if fold {
		for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
			pairs = slices.Concat(pairs, []rune{f, f})
		}
	}
	return pairs
}
