package results

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkStore10000 is what commands cost in a store of 10,000 documents of
// about 60 kB: "latest" is `compare` without arguments, finding and loading
// the newest session; "all" is `results list`, reading every head.
func BenchmarkStore10000(b *testing.B) {
	s := fillStore(b, 10_000, 60_000)
	b.Run("latest", func(b *testing.B) {
		for b.Loop() {
			found, err := s.Resolve("latest")
			if err != nil || len(found) != 2 || found[0].Session != "session-4999" {
				b.Fatalf("found %v, %v", found, err)
			}
			for _, e := range found {
				if _, err := s.Load(e.Path); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			if sessions, problems := s.Sessions(); len(sessions) != 5000 || len(problems) > 0 {
				b.Fatalf("%d sessions, problems %v", len(sessions), problems)
			}
		}
	})
}

// fillStore writes n documents of two implementations, without the fsync of
// Save that would make it last minutes.
func fillStore(b *testing.B, n, size int) *Store {
	b.Helper()
	s := &Store{Dir: b.TempDir()}
	d := sampleDocument(b, "", "")
	d.Scenarios[0].Trials[0].Wrk.Text = strings.Repeat("x", size)
	for i := range n {
		d.Implementation, d.Session = []string{"rust", "windjammer"}[i%2], fmt.Sprintf("session-%d", i/2)
		d.Created = noon.Add(time.Duration(i/2) * time.Hour)
		text, err := Encode(d)
		if err != nil {
			b.Fatal(err)
		}
		dir := filepath.Join(s.Dir, d.Implementation)
		if err := makeFolder(dir); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("load_test_%s_%d.json", d.Created.Format(time.DateOnly), i)), text, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return s
}
