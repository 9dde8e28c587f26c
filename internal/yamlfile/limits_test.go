package yamlfile

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// What nests without end is refused before it takes the memory of the machine:
// the library's parser took 6 GB for 400 kB.
func TestHostileTextIsRefusedCheaply(t *testing.T) {
	const size = 200_000
	for name, text := range map[string]string{
		"lists":             strings.Repeat("[", size),
		"mappings":          strings.Repeat("{", size),
		"mappings by key":   "a: " + strings.Repeat("{a: ", size/4),
		"lists on one line": strings.Repeat("- ", size/2),
		"complex keys":      strings.Repeat("? ", size/2),
		"tags":              "a: " + strings.Repeat("!!str ", size/6),
		"anchors":           "a: " + strings.Repeat("&a ", size/3),
		"closed lists":      "a: " + strings.Repeat("[", size/2) + strings.Repeat("]", size/2),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := NewReader("x.yaml", []byte(text))
		if root := r.Parse(); root != nil || len(r.Errs) != 1 || r.Errs[0].Message != "nested too deeply" {
			t.Errorf("%s: %v", name, r.Errs.Err())
		}
		if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 128<<20 {
			t.Errorf("%s took %d MiB", name, (after.TotalAlloc-before.TotalAlloc)>>20)
		}
	}
}

// The same on a single line of many values, and from an alias in an alias.
func TestManyValuesAreToldOnce(t *testing.T) {
	t.Parallel()
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for _, name := range []string{"b", "c", "d", "e", "f"} {
		before := string(name[0] - 1)
		bomb += name + ": &" + name + " [" + strings.Repeat("*"+before+",", 10) + "]\n"
	}
	for _, text := range []string{"a: [" + strings.Repeat("1,", maxNodes+10) + "1]", "a: [" + strings.Repeat("[é],", maxNodes/2+10) + "]", bomb} {
		r := NewReader("x.yaml", []byte(text))
		r.Parse()
		if err := r.Errs.Err(); err == nil || !strings.Contains(err.Error(), "too many values") {
			t.Errorf("%.40s…: %.200v", text, err)
		}
	}
}

// Lists and mappings as deep as the limit are read.
func TestDeepestIsRead(t *testing.T) {
	t.Parallel()
	r := NewReader("x.yaml", []byte("a: "+strings.Repeat("[", maxDepth-1)+strings.Repeat("]", maxDepth-1)))
	if r.Parse() == nil || len(r.Errs) > 0 {
		t.Error(r.Errs.Err())
	}
	r = NewReader("x.yaml", []byte("a: \""+strings.Repeat("[", 1000)+"\"\nb: |\n  "+strings.Repeat("{[", 1000)))
	if r.Parse() == nil || len(r.Errs) > 0 {
		t.Error("brackets in text are no lists: ", r.Errs.Err())
	}
}

// However much is wrong, what is told is bounded: each problem holds its line.
func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	r := NewReader("x.yaml", []byte("a: ["+strings.Repeat("*none,", 5000)+"1]"))
	r.Parse()
	if n := len(r.Errs); n != maxErrors+1 || !strings.HasPrefix(r.Errs[n-1].Message, "there are more problems than") {
		t.Errorf("%d problems, the last: %s", n, r.Errs[n-1].Message)
	}
}

// A hint is looked for only where it is told: of 5,000 problems with 5,000 names
// each, the first two hundred have one.
func TestHintsAreBounded(t *testing.T) {
	t.Parallel()
	r := NewReader("x.yaml", []byte("a: 1\n"))
	looked := 0
	for i := range 5000 {
		r.FailWith(r.At(1, 1), func() string { looked++; return "" }, "problem %d", i)
		r.FailWith(r.At(1, 1), func() string { looked++; return "" }, "problem %d", i) // once more
	}
	if looked != maxErrors {
		t.Errorf("looked for %d hints, want %d", looked, maxErrors)
	}
}

// The library's parser takes time by the square of the keys and entries of a
// file; what is far beyond an honest one does not reach it.
func TestManyEntriesAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		repeat("k%d: 1\n", maxSiblings+1):             "keys in one mapping",
		repeat("k%d:\n", maxSiblings+1):               "keys in one mapping",
		repeat("-\n", maxEmpty+1):                     "values are empty",
		repeat("- a:\n", maxEmpty+1):                  "values are empty",
		"a: {" + repeat("k%d: ,\n", maxEmpty+1) + "}": "values are empty",
		"a: {" + repeat("k%d:\n,", maxEmpty+1) + "}":  "values are empty",
	} {
		r := NewReader("x.yaml", []byte(text))
		if root := r.Parse(); root != nil || len(r.Errs) != 1 || !strings.HasSuffix(r.Errs[0].Message, want) {
			t.Errorf("%.20q: %.200v", text, r.Errs.Err())
		}
	}
}

// Keys are counted by mapping: many steps have few each.
func TestManyMappingsAreRead(t *testing.T) {
	t.Parallel()
	r := NewReader("x.yaml", []byte("a:\n"+repeat("  - k%d: 1\n    b:\n    - c: 1\n", maxSiblings)+"b:\n"+repeat("  k%d: 1\n", maxSiblings)))
	if r.Parse() == nil {
		t.Errorf("%.200v", r.Errs.Err())
	}
}

// repeat writes a line n times, with its number for %d.
func repeat(line string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(line, "%d", strconv.Itoa(i)))
	}
	return b.String()
}

// Pairs merged from many places keep the first of each key.
func TestMergeKeepsTheFirst(t *testing.T) {
	t.Parallel()
	r := NewReader("x.yaml", []byte("p: &p {a: 1, b: 1}\nq: &q {b: 2, c: 2}\nx: {<<: [*p, *q], c: 3}\n"))
	x := r.Parse().Get("x")
	got := ""
	for _, p := range x.Pairs {
		got += p.Key + p.Value.Text
	}
	if got != "c3a1b1" {
		t.Errorf("%s, want c3a1b1", got)
	}
}
