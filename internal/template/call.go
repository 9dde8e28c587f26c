package template

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// ExprEnd is the index of the } that closes an expression, quotes in
// arguments respected; -1 when there is none.
func ExprEnd(s string) int {
	var quote byte
	depth := 0 // of brackets
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case depth > 0 && (c == '"' || c == '\''):
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth = max(depth-1, 0)
		case c == '}':
			return i
		}
	}
	return -1
}

// Call splits "name(a, 'b c')" into its name and arguments, quotes removed.
func Call(expr string) (name string, args []string, ok bool) {
	name, rest, found := strings.Cut(expr, "(")
	if !found || !strings.HasSuffix(rest, ")") {
		return "", nil, false
	}
	rest = strings.TrimSuffix(rest, ")")
	if strings.TrimSpace(rest) == "" {
		return strings.TrimSpace(name), nil, true
	}
	return strings.TrimSpace(name), splitArgs(rest), true
}

// splitArgs cuts at commas outside quotes and trims spaces outside quotes.
func splitArgs(s string) []string {
	var args []string
	var arg strings.Builder
	var quote byte
	quoted := false
	flush := func() {
		text := arg.String()
		if !quoted {
			text = strings.TrimSpace(text)
		}
		args = append(args, text)
		arg.Reset()
		quoted = false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			arg.WriteByte(c)
		case (c == '"' || c == '\'') && strings.TrimSpace(arg.String()) == "" && !quoted:
			arg.Reset()
			quote, quoted = c, true
		case c == ',':
			flush()
		case quoted && c == ' ':
		default:
			arg.WriteByte(c)
		}
	}
	flush()
	return args
}

// Given cuts what stands in the brackets of a call at its commas, those in
// quotes and in the brackets of another call not.
func Given(expr string) []string {
	_, inside, _ := strings.Cut(strings.TrimSuffix(expr, ")"), "(")
	var out []string
	var quote byte
	depth, start := 0, 0
	for i := range len(inside) {
		switch c := inside[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			out = append(out, strings.TrimSpace(inside[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(inside[start:]); last != "" || len(out) > 0 {
		out = append(out, last)
	}
	return out
}

// ElementWord is which element of an array is meant: 0 is the first, -1 the last.
var ElementWord = regexp.MustCompile(`^(random|first|last|-?(0|[1-9][0-9]{0,6}))$`)

// Element is the index, or random, that a word means; "" when it is none.
func Element(word string) string {
	switch {
	case !ElementWord.MatchString(word) || word == "-0":
		return ""
	case word == "first":
		return "0"
	case word == "last":
		return "-1"
	}
	return word
}

// LeastFor is how many elements an array must have for one of them to be there.
func LeastFor(which string) int {
	n, err := strconv.Atoi(which)
	switch {
	case err != nil:
		return 1
	case n < 0:
		return -n
	}
	return n + 1
}

var (
	awayText  = regexp.MustCompile(`^[+-]([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$`)
	awayPart  = regexp.MustCompile(`([0-9.]+)(ms|s|m|h|d)`)
	awayUnits = map[string]float64{"ms": 1, "s": 1e3, "m": 60e3, "h": 3600e3, "d": 86400e3}
)

// Away is how many milliseconds from now an argument like +1h or -1d12h says; at
// most a thousand years. False when it says no such thing.
func Away(arg string) (ms int64, ok bool) {
	if !awayText.MatchString(arg) {
		return 0, false
	}
	sum := 0.0
	for _, part := range awayPart.FindAllStringSubmatch(arg, -1) {
		n, err := strconv.ParseFloat(part[1], 64)
		if err != nil {
			return 0, false
		}
		sum += n * awayUnits[part[2]]
	}
	if arg[0] == '-' {
		sum = -sum
	}
	return int64(sum), math.Abs(sum) <= 365e3*awayUnits["d"]
}
