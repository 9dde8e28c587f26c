// Package secret hides passwords, tokens and the like in text that is kept or
// shown: by the names they stand beside, and by their values where those are
// known. It knows nothing of where text comes from, and never touches what is
// sent.
package secret

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Hidden stands where a secret stood. It can be part of a URL.
const Hidden = "***"

// shortest is how long, in bytes, a value must be to be looked for: shorter
// ones are parts of words.
const shortest = 4

// word is the part of a name that says what its value is.
const word = `(?:authorization|cookie|passw(?:or)?d|passphrase|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credentials?|session[-_]?id|sessionid)`

// end is what a name that says so ends in, behind its beginning or a separator.
const end = `(?:key|session|auth|sid|pass|jwt)`

// name is a whole name as it stands in a text.
const name = `(?:[A-Za-z0-9_.-]*` + word + `[A-Za-z0-9_-]*|\b(?:[A-Za-z0-9_.-]*[-_.])?` + end + `)`

// inQuotes is a quoted value. What JSON has between two strings is not one: its
// first quote would be the end of a string.
const inQuotes = `"[^"\\,:{}\[\]\r\n]*"|'[^'\\\r\n]*'|\\+"[^"\\]*\\+"`

var (
	secretName = regexp.MustCompile(`(?i)` + word + `|(?:^|[-_.])` + end + `$`)

	userinfo = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://)[^/@\s"'?#]+@`)
	// A string or a bare value behind a quoted name, also one that was cut off;
	// quotes may be escaped, for one text often stands in another.
	quoted = regexp.MustCompile(`(?i)(\\*["'](?:[A-Za-z0-9_.-]*` + word + `[A-Za-z0-9_-]*|(?:[A-Za-z0-9_.-]*[-_.])?` + end + `)\\*["']\s*:\s*)` +
		`(\[[^\[\]]*\]?|\{[^{}]*\}?|'[^'\\\r\n]*'|"(?:[^"\\]|\\.)*"?|\\+"(?:[^"\\])*(?:\\+"?)?|[^\s,{}\[\]"'\\]+)`)
	header = regexp.MustCompile(`(?im)(\b(?:proxy-)?authorization|\b(?:set-)?cookie|\bx-[a-z-]*(?:key|token|auth|secret|session)[a-z-]*)(\s*:\s*)(` + inQuotes + `|[^\s"'\\][^\r\n"'\\]*)`)
	// name=value in forms, queries, environments, flags and cookies.
	assigned = regexp.MustCompile(`(?i)(` + name + `\s?=>?\s?)(` + inQuotes + `|[^\s&;,"'\\<>=]+)`)
	// name: value in YAML and logs, of what is nothing but a secret: a token may be
	// a word of a grammar, and a reference is none.
	said    = regexp.MustCompile(`(?i)(\b[a-z0-9_.-]*(?:passw(?:or)?d|passphrase|secret|[-_]token|api[-_]?key|access[-_]?key|private[-_]?key)\s?:\s+)(` + inQuotes + `|[^\s,;"'\\$*{}\[\]()|>-][^\s,;"'\\{}\[\]]*)`)
	element = regexp.MustCompile(`(?i)(<(?:[a-z0-9_-]+:)?` + name + `(?:\s[^<>]*)?>)([^<]+)`)
	pem     = regexp.MustCompile(`(-----BEGIN [A-Z ]*PRIVATE KEY-----)(?:[A-Za-z0-9+/=\s]|\\+[nr])+`)
	flagged = regexp.MustCompile(`(?i)(--?[a-z0-9-]*` + word + `\s+)([^\s-][^\s]*)`)
	bearer  = regexp.MustCompile(`(?i)(\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{6,}`)
	jwt     = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?`)
)

// IsName reports whether a name, of a variable, header or key, says that its value
// is a secret.
func IsName(name string) bool { return secretName.MatchString(name) }

// Keeper knows secrets. The zero Keeper knows none by value and hides by name; it
// is safe for concurrent use. A nil one hides nothing.
type Keeper struct {
	mu       sync.Mutex
	off      bool
	known    map[string]bool
	replacer *strings.Replacer // of known; nil when that has grown since
}

// Show ends hiding, or begins it again.
func (k *Keeper) Show(off bool) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.off = off
}

// Add makes values known, in all forms in which they are written. Values too
// short to be told from parts of words are left out.
func (k *Keeper) Add(values ...string) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, v := range values {
		if len(v) < shortest || v == Hidden {
			continue
		}
		if k.known == nil {
			k.known = map[string]bool{}
		}
		for _, form := range forms(v) {
			k.known[form] = true
		}
		k.replacer = nil
	}
}

// forms are a value as it is, and as it stands in JSON, in URLs and in Lua.
func forms(v string) []string {
	quoted := strconv.Quote(v)
	var decimal strings.Builder
	for _, c := range []byte(v) {
		if c < ' ' || c > '~' || c == '\\' || c == '"' {
			fmt.Fprintf(&decimal, `\%03d`, c)
		} else {
			decimal.WriteByte(c)
		}
	}
	return []string{v, quoted[1 : len(quoted)-1], url.QueryEscape(v), url.PathEscape(v), decimal.String()}
}

// Hide puts Hidden in the place of every secret in a text.
func (k *Keeper) Hide(text string) string {
	if k == nil {
		return text
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.off {
		return text
	}
	if k.replacer == nil {
		k.replacer = replacer(k.known)
	}
	text = k.replacer.Replace(text)
	text = userinfo.ReplaceAllString(text, "${1}"+Hidden+"@")
	text = hideAllQuoted(text)
	for _, beside := range []*regexp.Regexp{header, assigned, said, element} {
		text = hideValues(text, beside)
	}
	text = pem.ReplaceAllString(text, "${1}"+Hidden)
	text = hideValues(text, flagged)
	text = bearer.ReplaceAllString(text, "${1}"+Hidden)
	return jwt.ReplaceAllString(text, Hidden)
}

// hideValues puts Hidden in the place of a pattern's last group, where that is a
// secret.
func hideValues(text string, beside *regexp.Regexp) string {
	var b strings.Builder
	kept := 0
	for _, m := range beside.FindAllStringSubmatchIndex(text, -1) {
		from, to := m[len(m)-2], m[len(m)-1]
		b.WriteString(text[kept:from])
		kept = from
		if !isPath(text[:m[0]]) && !isNameOfCookie(text[m[0]:from], text[from:to]) && !harmless(text[from:to], text[to:]) {
			b.WriteString(Hidden)
			kept = to
		}
	}
	return b.String() + text[kept:]
}

var (
	// A reference to a value, perhaps behind a word as "Bearer ${token}" has it.
	reference = regexp.MustCompile(`^["']?(?:[A-Za-z_-]+[\s=]+)?\$\{[^{}]*\}?`)
	// How what programs say of a file or a key begins: `passwd: no such file`.
	sentence = regexp.MustCompile(`^(?:an?|at|cannot|is|it|its|must|needs?|neither|no|not|only|open|permission|the|there|too|unknown|write)\s+[a-z]`)
)

// harmless tells values that are none, by how they begin: references, and the
// words of a message. What was hidden already stays so.
func harmless(value, behind string) bool {
	return reference.MatchString(value) || sentence.MatchString(value+behind) || strings.Trim(value, `"'`) == Hidden
}

// isPath tells names that are the end of a file's path, by what stands before.
func isPath(before string) bool {
	return strings.HasSuffix(before, "/") || strings.HasSuffix(before, "open ") || strings.HasSuffix(before, "read ") || strings.HasSuffix(before, "stat ")
}

// isNameOfCookie tells cookie:session, which names a cookie in a scenario, from
// a header without a blank.
func isNameOfCookie(name, value string) bool {
	first, _, _ := strings.Cut(value, " ")
	return strings.EqualFold(name, "cookie:") && !strings.Contains(first, "=")
}

// hideAllQuoted hides the values behind quoted names.
func hideAllQuoted(text string) string {
	var b strings.Builder
	kept := 0
	for _, m := range quoted.FindAllStringIndex(text, -1) {
		b.WriteString(text[kept:m[0]])
		b.WriteString(hideQuoted(text[m[0]:m[1]], text[m[1]:]))
		kept = m[1]
	}
	return b.String() + text[kept:]
}

// hideQuoted keeps the quotes around a value as they were: what was JSON stays it.
func hideQuoted(match, behind string) string {
	m := quoted.FindStringSubmatch(match)
	if reference.MatchString(strings.TrimLeft(m[2], `\"'`)) || sentence.MatchString(m[2]+behind) {
		return match
	}
	if strings.ContainsAny(m[2][:1], "[{'") { // whole, between quotes like its name's
		mark := m[1][:strings.IndexAny(m[1], `"'`)+1]
		return m[1] + mark + Hidden + mark
	}
	mark := m[2][:len(m[2])-len(strings.TrimLeft(m[2], `\"`))]
	if mark == "" {
		return m[1] + Hidden
	}
	if !strings.HasSuffix(m[2], mark) || len(m[2]) < 2*len(mark) {
		return m[1] + mark + Hidden
	}
	return m[1] + mark + Hidden + mark
}

// replacer prefers longer values where one is the start of another.
func replacer(known map[string]bool) *strings.Replacer {
	var values []string
	for v := range known {
		values = append(values, v)
	}
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, v := range values {
		pairs = append(pairs, v, Hidden)
	}
	return strings.NewReplacer(pairs...)
}
