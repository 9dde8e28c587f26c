package profile

import (
	"regexp"
	"strings"
)

// cppArguments ends a function of C++ that a tool has demangled: parameters, and
// what stands behind them, or template arguments where it left parameters out.
// Go's methods have parentheses too, but not there.
var cppArguments = regexp.MustCompile(`^[^<].*(\)( const| volatile| noexcept| ?&{1,2}| \[clone [^\]]*\])*|\w<.*>)$`)

// cppOperator are those whose names have brackets in them, or a space.
var cppOperator = regexp.MustCompile(`^operator(\(\)|<=>|<<=|>>=|<<|>>|<=|>=|->\*|->|<|>| new\[\]| delete\[\]| new\b| delete\b)`)

// cppConversion is an operator whose name is a type, which may have spaces.
var cppConversion = regexp.MustCompile(`\boperator .*$`)

const anonymous = "(anonymous namespace)"

// bareCpp leaves out of a demangled name of C++ what Name leaves out of a
// mangled one: template arguments, parameters, the type that is returned.
func bareCpp(name string) string {
	var out []byte
	for rest := name; rest != ""; {
		n := len(cppOperator.FindString(rest))
		keep := true
		switch {
		case n > 0 && !endsWord(out):
		case strings.HasPrefix(rest, anonymous):
			n = len(anonymous)
		case rest[0] == '{': // {lambda(int)#1}
			n = closing(rest, '{', '}')
		case rest[0] == '<':
			n = closing(rest, '<', '>')
			keep = len(out) == 0 || out[len(out)-1] == ':' // a lambda's name
		case rest[0] == '(':
			n = closing(rest, '(', ')')
			if !strings.HasPrefix(rest[n:], "::") { // the last: no function is inside of this one
				return afterType(string(out), name)
			}
			out, keep = append(out, "()"...), false
		case strings.HasPrefix(rest, " <"): // operator< <int>(…)
			n, keep = 1, false
		default:
			n = 1
		}
		if keep {
			out = append(out, rest[:n]...)
		}
		rest = rest[n:]
	}
	return afterType(string(out), name)
}

// afterType is a name without the type that stands before it; otherwise where
// there is no name.
func afterType(text, otherwise string) string {
	at := len(cppConversion.ReplaceAllString(text, ""))
	begin := strings.LastIndexByte(strings.ReplaceAll(text[:at], anonymous, strings.Repeat("x", len(anonymous))), ' ') + 1
	if begin == len(text) {
		return otherwise
	}
	return text[begin:]
}

// closing is the length of a text's first bracketed part, all of it when it is
// not closed.
func closing(text string, open, shut byte) int {
	depth := 0
	for i := range len(text) {
		switch {
		case text[i] == open:
			depth++
		case text[i] == shut && (i == 0 || text[i-1] != '-'):
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(text)
}

// endsWord tells that what follows goes on with an identifier.
func endsWord(text []byte) bool {
	return wordEnd.Match(text)
}

var wordEnd = regexp.MustCompile(`\w$`)
