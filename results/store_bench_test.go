package results

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkStore10000 is what `compare` without arguments costs in a store of
// 10,000 documents of about 60 kB: list all, pick the newest session, load it.
func BenchmarkStore10000(b *testing.B) {
	s := fillStore(b, 10_000, 60_000)
	for b.Loop() {
		sessions, problems := s.Sessions()
		newest, ok := Latest(sessions)
		if !ok || len(problems) > 0 || len(sessions) != 5000 || len(newest.Entries) != 2 {
			b.Fatalf("%d sessions, newest %v, problems %v", len(sessions), newest, problems)
		}
		for _, e := range newest.Entries {
			if _, err := s.Load(e.Path); err != nil {
				b.Fatal(err)
			}
		}
	}
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
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("load_test_x_%d.json", i)), text, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return s
}
