package main

import (
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && slices.Contains([]string{"run", "serve"}, os.Args[1]) {
		main()
	}
	os.Exit(m.Run())
}

// TestKills is a short storm: what is lost or left is a fact, whenever a kill
// happens to hit.
func TestKills(t *testing.T) {
	if _, err := exec.LookPath("wrk"); err != nil && os.Getenv("CI") == "" {
		t.Skip("wrk is not installed")
	}
	found, err := storm(t.Context(), 4, 1, 3*time.Second, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if !found.clean() {
		t.Errorf("found\n%s", found)
	}
}
