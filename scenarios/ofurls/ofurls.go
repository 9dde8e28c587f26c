// Package ofurls writes scenarios that ask for URLs.
package ofurls

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"taskbench/scenarios"
)

// Get is what one target is asked for.
type Get struct {
	Target string
	Path   string // with its query, as it is sent: "/items?limit=10"
}

// Text is the text of a scenario with one request, GET of the first path;
// the other targets get theirs by an override where it is another one. Statuses
// are those that answers may have; none is any below 400. There is one target
// at least.
func Text(gets []Get, statuses []int) []byte {
	var b bytes.Buffer
	name, first := nameOfGet(gets), gets[0].Path
	fmt.Fprintf(&b, "name: %s\ntitle: %s\n\nload:\n", name, plainYAML(title(gets)))
	fmt.Fprintf(&b, "  connections: %-10d # virtual users, one connection each; [10, 50, 100] measures each\n", scenarios.DefaultLoad.Connections[0])
	fmt.Fprintf(&b, "  duration: %-13v # of one measurement window\n  warmup: %-15v # before it; thrown away\n\n", scenarios.DefaultLoad.Duration, scenarios.DefaultLoad.Warmup)
	fmt.Fprintf(&b, "request:\n  request: %s\n", plainYAML("GET "+literal(first)))
	if len(statuses) > 0 {
		fmt.Fprintf(&b, "  expect: {status: %s}\n", list(statuses))
	}
	var changes bytes.Buffer
	for _, g := range gets[1:] {
		if g.Path != first {
			fmt.Fprintf(&changes, "  %s: {steps: {%s: {request: %s}}}\n", strconv.Quote(g.Target), name, strconv.Quote("GET "+literal(g.Path)))
		}
	}
	if changes.Len() > 0 {
		fmt.Fprintf(&b, "\noverrides:                 # what differs is said in every report\n%s", &changes)
	}
	return b.Bytes()
}

// longestName keeps the names of tables short.
const longestName = 40

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// nameOfGet is made of the path, where all have the same.
func nameOfGet(gets []Get) string {
	path, _, _ := strings.Cut(gets[0].Path, "?")
	for _, g := range gets {
		if other, _, _ := strings.Cut(g.Path, "?"); other != path {
			path = ""
		}
	}
	name := strings.Trim("get-"+strings.Trim(notInName.ReplaceAllString(strings.ToLower(path), "-"), "-"), "-")
	return strings.TrimRight(name[:min(len(name), longestName)], "-")
}

func title(gets []Get) string {
	var paths []string
	for _, g := range gets {
		if !slices.Contains(paths, g.Path) {
			paths = append(paths, g.Path)
		}
	}
	return "GET " + strings.Join(paths, ", ")
}

// literal is text without references.
func literal(text string) string { return strings.ReplaceAll(text, "${", "$${") }

var needsNoQuotes = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 /._~?=&%+$-]*$`)

// plainYAML is text as a value, in quotes where it could be read as another.
func plainYAML(text string) string {
	if needsNoQuotes.MatchString(text) {
		return text
	}
	return strconv.Quote(text)
}

func list(numbers []int) string {
	if len(numbers) == 1 {
		return strconv.Itoa(numbers[0])
	}
	return "[" + strings.Join(strings.Fields(strings.Trim(fmt.Sprint(numbers), "[]")), ", ") + "]"
}
