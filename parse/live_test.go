package parse

import (
	"fmt"
	"strings"
	"testing"
)

func TestLive(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       Live
	}{
		{"nothing", "", Live{}},
		{"one second", "0 100 2\n", Live{Seconds: 1, GoodPS: 100, Failed: 2}},
		{"not whole", "0 100 2\n1 50 1", Live{Seconds: 1, GoodPS: 100, Failed: 2}},
		{"two", "0 100 2\n1 50 1\n", Live{Seconds: 2, GoodPS: 50, Failed: 3}},
		{"told twice", "0 100 2\n0 101 2\n1 50 1\n0 99 2\n1 50 1\n", Live{Seconds: 2, GoodPS: 50, Failed: 3}},
		{"a pause", "0 100 2\n4 40 1\n", Live{Seconds: 5, GoodPS: 10, Failed: 3}},
		{"no lines of ours", "\nx\n0\n0 1\n-1 5 5\n1 -2 3\n0 7 1\n9223372036854775807 1 1\n99999999999999999999 1 1\n", Live{Seconds: 1, GoodPS: 7, Failed: 1}},
	} {
		var l Live
		if _, err := l.Write([]byte(c.text)); err != nil {
			t.Fatal(err)
		}
		l.rest = nil
		if got, want := fmt.Sprint(l), fmt.Sprint(c.want); got != want {
			t.Errorf("%s: %s, want %s", c.name, got, want)
		}
	}
}

// FuzzLive: it does not matter in which pieces the text comes, and text without
// an end is not kept.
func FuzzLive(f *testing.F) {
	f.Add("0 100 2\n1 50 1\n3 7", 3)
	f.Add(strings.Repeat("9", 500)+"\n0 1 0\n", 7)
	f.Fuzz(func(t *testing.T, text string, size int) {
		var whole, pieces Live
		text += "\n"
		_, _ = whole.Write([]byte(text))
		for rest := text; rest != ""; {
			n := max(1, min(size, len(rest)))
			_, _ = pieces.Write([]byte(rest[:n]))
			rest = rest[n:]
			if len(pieces.rest) > longestLive {
				t.Fatalf("keeps %d bytes", len(pieces.rest))
			}
		}
		for line := range strings.Lines(text) {
			if len(line) > longestLive {
				return // cut where the pieces end
			}
		}
		if fmt.Sprint(whole) != fmt.Sprint(pieces) {
			t.Errorf("%+v whole, %+v in pieces of %d", whole, pieces, size)
		}
	})
}
