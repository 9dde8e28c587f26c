package scenarios

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"taskbench/internal/yamlfile"
)

// escapeText writes a value known at load time the way its place needs it; a
// generated script does the same for values known only while running.
func escapeText(text string, e Escape) string {
	switch e {
	case EscapeURL:
		return percentEncode(text)
	case EscapeJSONString:
		return jsonContent(text)
	default:
		return text
	}
}

// wholeJSON reports whether a value is written as a whole value of JSON.
func (e Escape) wholeJSON() bool {
	return e == EscapeJSONValue || e == EscapeInt || e == EscapeNumber || e == EscapeBool || e == EscapeJSON
}

const hexDigits = "0123456789ABCDEF"

// percentEncode leaves only the unreserved characters of RFC 3986 section 2.3
// as they are, so that a value can neither end its path segment nor its field.
func percentEncode(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&15])
		}
	}
	return b.String()
}

// jsonContent is the inside of a JSON string, without its quotes. Bytes that
// are not UTF-8 become U+FFFD, as everywhere in JSON.
func jsonContent(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		return "" // cannot happen: a string always encodes, a Builder never fails
	}
	return strings.TrimSuffix(b.String(), "\n")[1 : b.Len()-2]
}

// jsonScalar is a YAML scalar as JSON text; false when JSON cannot say it
// (infinities, not-a-number). Numbers that are JSON already stay as written.
func jsonScalar(n *yamlfile.Node) (string, bool) {
	switch v := n.Value.(type) {
	case nil:
		return "null", true
	case bool:
		return strconv.FormatBool(v), true
	case string:
		return `"` + jsonContent(v) + `"`, true
	case int64:
		if n.IsJSONNumber() {
			return n.Text, true
		}
		return strconv.FormatInt(v, 10), true
	case float64:
		if n.IsJSONNumber() {
			return n.Text, true
		}
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return "", false
		}
		return strconv.FormatFloat(v, 'g', -1, 64), true
	}
	return "", false
}
