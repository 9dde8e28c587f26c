//go:build linux

package main

import (
	"os"
	"os/exec"
	"testing"
)

// TestFaultsAreCounted is a shorter form of the table: every kind of fault in
// one form of script. The judge is the server's own count.
func TestFaultsAreCounted(t *testing.T) {
	if _, err := exec.LookPath("wrk"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("no wrk here")
	}
	for i, f := range faults {
		m := modes[i%len(modes)]
		t.Run(f.name+", "+m.name, func(t *testing.T) {
			t.Parallel()
			o, err := measure(t.Context(), f, m.name, m.text, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if !o.agrees() {
				t.Error(o.row())
			}
		})
	}
}
