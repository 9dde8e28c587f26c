package scenarios

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// YAML is the expectation as a scenario file has it, on one line.
func (e Expect) YAML() string {
	var parts []string
	if len(e.Statuses) > 0 {
		parts = append(parts, "status: "+listText(e.Statuses, StatusRange.String))
	}
	if len(e.JSON) > 0 {
		parts = append(parts, "json: "+byKey(e.JSON, func(m JSONMatch) (string, Match) { return m.Label, m.Match }))
	}
	if len(e.Headers) > 0 {
		parts = append(parts, "headers: "+byKey(e.Headers, func(m HeaderMatch) (string, Match) { return m.Name, m.Match }))
	}
	if len(e.Body) > 0 {
		parts = append(parts, "body: "+listText(e.Body, Match.yaml))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// listText is one value, or a list.
func listText[T any](items []T, text func(T) string) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = text(item)
	}
	if len(texts) == 1 {
		return texts[0]
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// byKey is a mapping of what is matched to how; several matches of one key are one entry.
func byKey[T any](items []T, of func(T) (string, Match)) string {
	var keys []string
	matches := map[string][]Match{}
	for _, item := range items {
		key, m := of(item)
		if matches[key] == nil {
			keys = append(keys, key)
		}
		matches[key] = append(matches[key], m)
	}
	for i, key := range keys {
		text := matches[key][0].yaml()
		if len(matches[key]) > 1 {
			text = "{" + strings.Join(members(matches[key]), ", ") + "}"
		}
		keys[i] = keyText(key) + ": " + text
	}
	return "{" + strings.Join(keys, ", ") + "}"
}

func members(matches []Match) []string {
	texts := make([]string, len(matches))
	for i, m := range matches {
		texts[i] = fmt.Sprintf("%s: %s", m.Kind, m.operand())
	}
	return texts
}

// yaml is the comparison as it stands behind a key.
func (m Match) yaml() string {
	switch m.Kind {
	case MatchExists, MatchAbsent:
		return string(m.Kind)
	case MatchEquals:
		if text, is := m.Value.(string); is && (text == string(MatchExists) || text == string(MatchAbsent)) {
			return "{equals: " + text + "}"
		}
		return m.operand()
	}
	return "{" + members([]Match{m})[0] + "}"
}

func (m Match) operand() string {
	if m.Kind != MatchEquals {
		return strconv.Quote(m.Text)
	}
	switch v := m.Value.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(v)
	default:
		return fmt.Sprint(v)
	}
}

var plainWord = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]*$`)

func keyText(key string) string {
	if plainWord.MatchString(key) {
		return key
	}
	return strconv.Quote(key)
}

// Acceptance is what a step's answers are to be from now on.
type Acceptance struct {
	Step   string
	Expect Expect
}

// OverrideLines are the lines below overrides: for a target that answers otherwise.
func OverrideLines(target string, accepted []Acceptance) []string {
	lines := []string{keyText(target) + ":", "  steps:"}
	for _, a := range accepted {
		lines = append(lines, "    "+keyText(a.Step)+": {expect: "+a.Expect.YAML()+"}")
	}
	return lines
}

var overridesLine = regexp.MustCompile(`(?m)^overrides:[ \t]*(#.*)?\n`)

// WithOverrides is a scenario's text with a target's overrides in it; everything
// else stays byte for byte. Where there are some of that target already, or all
// stand on one line, the result does not load: somebody has to look at it.
func WithOverrides(text []byte, target string, accepted []Acceptance) []byte {
	block := func(indent string) []byte {
		return []byte(indent + strings.Join(OverrideLines(target, accepted), "\n"+indent) + "\n")
	}
	if at := overridesLine.FindIndex(text); at != nil {
		rest := text[at[1]:]
		return bytes.Join([][]byte{text[:at[1]], block(indentOf(rest)), rest}, nil)
	}
	end := "\n"
	if len(text) > 0 && text[len(text)-1] != '\n' {
		end = "\n\n"
	}
	return bytes.Join([][]byte{text, []byte(end + "overrides:\n"), block("  ")}, nil)
}

// indentOf is how far the first key of a mapping is in.
func indentOf(mapping []byte) string {
	for line := range strings.Lines(string(mapping)) {
		if trimmed := strings.TrimLeft(line, " "); strings.TrimSpace(trimmed) != "" && trimmed[0] != '#' && len(trimmed) < len(line) {
			return line[:len(line)-len(trimmed)]
		}
	}
	return "  "
}
