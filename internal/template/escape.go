package template

import (
	"encoding/json"
	"strings"
)

// Escape says how a reference's value is written at its place.
type Escape string

const (
	EscapeNone       Escape = ""          // headers (CR, LF and NUL are removed), raw bodies
	EscapeURL        Escape = "url"       // path segments and query values, form fields: RFC 3986 percent-encoding
	EscapeJSONString Escape = "json"      // inside a JSON string: quotes are the literal's, content is escaped
	EscapeJSONValue  Escape = "jsonvalue" // a whole JSON value: what came out of JSON keeps its type, columns, headers, cookies and matches are strings

	// A whole JSON value of the type that was asked for, written as it is. What is
	// no such value is reported when loading, or makes its capture a failed one.
	EscapeInt    Escape = "int"    // digits, perhaps with a minus
	EscapeNumber Escape = "number" // a JSON number
	EscapeBool   Escape = "bool"   // true or false
	EscapeJSON   Escape = "json()" // any JSON text

	// As it is, but for what cannot stand in a request line, which is percent-encoded.
	EscapeRaw  Escape = "raw"  // a piece of a path
	EscapePath Escape = "path" // a whole path, or a URL of the same server; anything else makes its capture a failed one
)

// Escaped writes a value known at load time the way its place needs it; a
// generated script does the same for values known only while running.
func Escaped(text string, e Escape) string {
	switch e {
	case EscapeURL:
		return PercentEncode(text)
	case EscapeJSONString:
		return JSONContent(text)
	default:
		return text
	}
}

// WholeJSON reports whether a value is written as a whole value of JSON.
func (e Escape) WholeJSON() bool {
	return e == EscapeJSONValue || e == EscapeInt || e == EscapeNumber || e == EscapeBool || e == EscapeJSON
}

const hexDigits = "0123456789ABCDEF"

// PercentEncode leaves only the unreserved characters of RFC 3986 section 2.3
// as they are, so that a value can neither end its path segment nor its field.
func PercentEncode(text string) string {
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

// JSONContent is the inside of a JSON string, without its quotes. Bytes that
// are not UTF-8 become U+FFFD, as everywhere in JSON.
func JSONContent(text string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(text); err != nil {
		return "" // cannot happen: a string always encodes, a Builder never fails
	}
	return strings.TrimSuffix(b.String(), "\n")[1 : b.Len()-2]
}
