package yamlfile

import (
	"fmt"
	"regexp"
	"strings"
)

// Words and numbers that YAML 1.1 and YAML 1.2 read as different values, or
// that mean one number and look like another: 010 is 8 or 10, yes is text or
// true, 1:30 is text or 90. Whatever we took them for, somebody meant the other.
var (
	decimal     = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][-+]?[0-9]+)?$`)
	otherNumber = regexp.MustCompile(`^[-+]?(0[0-9][0-9_]*|0[oO]?[0-7_]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+|[0-9][0-9_]*_[0-9_]*|0[0-9]+\.[0-9]*)$`)
	sexagesimal = regexp.MustCompile(`^[-+]?[0-9]+(:[0-5]?[0-9])+(\.[0-9]*)?$`)
)

var otherBooleans = map[string]string{"yes": "true", "y": "true", "on": "true", "no": "false", "n": "false", "off": "false"}

// doubt is why a scalar without quotes is not the same value to everybody, and
// what to write instead.
type doubt struct{ why, hint string }

func doubtOf(n *Node) doubt {
	text := n.Text
	meant := otherBooleans[strings.ToLower(text)]
	switch {
	case isNumber(n.Value) && (decimal.MatchString(text) || !strings.ContainsAny(text, "0123456789")):
		return doubt{} // .inf and .nan are doubted by nobody
	case isNumber(n.Value) || otherNumber.MatchString(text):
		return doubt{"is not a number in decimal digits", fmt.Sprintf("write it in decimal, or %q for the text", text)}
	case sexagesimal.MatchString(text):
		return doubt{"is text to some readers of YAML and a number to base 60 to others", fmt.Sprintf("write %q for the text", text)}
	case meant != "":
		return doubt{"is text to some readers of YAML and " + meant + " to others", fmt.Sprintf("write %s, or %q for the text", meant, text)}
	}
	return doubt{}
}

// Clear reports a scalar whose value depends on who reads it. It is asked where
// a value's type matters; as text, a scalar is always what is written.
func (r *Reader) Clear(n *Node) bool {
	if n.Kind != Scalar || n.doubt.why == "" {
		return true
	}
	r.Fail(n.Pos, n.doubt.hint, "%s %s", n.Text, n.doubt.why)
	return false
}
