package callgrind

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/golden"
	"taskbench/internal/source"
)

// text shows a recording as goldens have it.
func text(r *Recording) string {
	var b strings.Builder
	fmt.Fprintf(&b, "parts %d, events %q\n", r.Parts, r.Events)
	for i, f := range r.Functions {
		fmt.Fprintf(&b, "%d %s [%s] %d\n", i, f.Name, f.Object, f.Self)
	}
	for _, c := range r.Calls {
		fmt.Fprintf(&b, "%s -> %s: %d times, %d\n", r.Functions[c.From].Name, r.Functions[c.To].Name, c.Count, c.Inclusive)
	}
	return b.String()
}

// TestRecordings reads a recording of the small C server, three answers of it,
// and one written by hand that has all that the format has.
func TestRecordings(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"server", "parts"} {
		file, err := os.ReadFile("testdata/" + name + ".out")
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(name, bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/"+name+".golden", text(r))
	}
}

// What is not whole is refused, with the line.
func TestRefused(t *testing.T) {
	t.Parallel()
	head := "events: Ir\nfn=(1) main\n"
	for _, c := range []struct {
		text, want string
		line       int
	}{
		{"", "it is empty", 0},
		{head + "1 20\n", "its end is missing", 3},
		{head + "1 20\ntotals: 21\n", "add up to 20, but it states 21", 4},
		{head + "1 20\ncfn=(2) f\ncalls=1 2\n", "its end is missing", 5},
		{head + "calls=1 2\n1 3\n", "without fn= and cfn=", 3},
		{head + "cfn=(2) f\ncalls=1 2\nfn=(3) g\n", "not followed by what the calls cost", 5},
		{head + "cfn=(7)\n", "the id (7) was given no name", 3},
		{"events: Ir\n1 2\n", "before the first fn=", 2},
		{"fn=(1) main\n", "no line events:", 1},
		{head + "1 2 3\n", "more costs than there are events", 3},
		{head + "1 2x\n", "not a count", 3},
		{head + "+ 2\n", "no position", 3},
		{head + "1 18446744073709551615\n1 1\n", "impossibly large", 4},
		{head + "1 2\ntotals: 2\npart: 2\nevents: Dr\n", "different events", 6},
		{head + "1 2\npart: 2\n", "its end is missing", 4},
		{"what is this\n", "neither a cost nor a name", 1},
		{head + "what=this\n", "unknown key what=", 3},
	} {
		_, err := Read("out", strings.NewReader(c.text))
		place, ok := errors.AsType[*source.Error](err)
		if !ok || !strings.Contains(err.Error(), c.want) || place.Pos.Line != c.line {
			t.Errorf("%q: %v, want %q in line %d", c.text, err, c.want, c.line)
		}
	}
}

// Whatever is read adds up to what it states, and is read again to the same.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"server", "parts"} {
		file, err := os.ReadFile("testdata/" + name + ".out")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Add([]byte("events: Ir\nfn=(1) a\n* 1\ntotals: 1\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		r, err := Read("fuzz", bytes.NewReader(file))
		if err != nil {
			if _, ok := errors.AsType[*source.Error](err); !ok {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		for _, c := range r.Calls {
			if c.From >= len(r.Functions) || c.To >= len(r.Functions) || len(c.Inclusive) != len(r.Events) {
				t.Fatal("a call of nothing")
			}
		}
		for _, function := range r.Functions {
			if len(function.Self) != len(r.Events) {
				t.Fatal("a function has costs of other events")
			}
		}
		again, err := Read("fuzz", bytes.NewReader(file))
		if err != nil || !cmp.Equal(r, again) {
			t.Fatalf("read again, it is another: %v", err)
		}
	})
}
