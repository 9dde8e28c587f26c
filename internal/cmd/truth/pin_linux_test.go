package truth

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskbench/internal/cmd/lab"
	"taskbench/internal/machine"
)

// TestPinnedInSlots asks the system where servers and generators of a pair in slots
// may run: both servers on one set of cores, both generators on the other.
func TestPinnedInSlots(t *testing.T) {
	needsWrk(t)
	if _, _, err := machine.Split(); err != nil {
		t.Skip("one core cannot be divided")
	}
	l, err := lab.New()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, end := context.WithCancel(t.Context())
	defer end()
	over := make(chan error, 1)
	go func() {
		_, err := l.Measure(ctx, lab.Run{Scenario: load(t, request), Users: 4, Pairs: 1, Duration: time.Minute, Seed: 1, Pin: true, InSlots: true})
		over <- err
	}()
	for {
		servers, generators := family(t, os.Getpid(), "serve"), family(t, os.Getpid(), "wrk")
		if len(servers) == 2 && len(generators) == 2 {
			end()
			held(t, servers, generators)
			<-over
			return
		}
		select {
		case err := <-over:
			t.Fatalf("two servers and two generators were never up together: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// held holds what cores processes may run on against what is wanted of pairs.
func held(t *testing.T, servers, generators []string) {
	t.Helper()
	if servers[0] != servers[1] || generators[0] != generators[1] || servers[0] == generators[0] {
		t.Errorf("servers may run on cores %q, generators on %q", servers, generators)
	}
}

// family are the cores that children of a process may run on whose command is so
// called, or has that word first.
func family(t *testing.T, parent int, name string) (cores []string) {
	t.Helper()
	paths, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		command, errToo := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if err != nil || errToo != nil || !strings.Contains(string(text), fmt.Sprintf("\nPPid:\t%d\n", parent)) {
			continue // it has ended, or is somebody else's
		}
		words := strings.Split(string(command), "\x00")
		if filepath.Base(words[0]) != name && (len(words) < 2 || words[1] != name) {
			continue
		}
		for line := range strings.Lines(string(text)) {
			if list, ok := strings.CutPrefix(line, "Cpus_allowed_list:"); ok {
				cores = append(cores, strings.TrimSpace(list))
			}
		}
	}
	return cores
}
