package server

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestTreeNeverLosesTime(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		sums []float64 // what the living processes add up to
		want []float64
	}{
		{"grows", []float64{1, 2, 3}, []float64{1, 2, 3}},
		{"a process takes its time with it", []float64{5, 1, 1.5}, []float64{5, 5, 5.5}},
		{"a parent waited for it", []float64{5, 5.01, 6}, []float64{5, 5.01, 6}},
		{"two go, one after the other", []float64{6, 4, 1, 2}, []float64{6, 6, 6, 7}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var tree tree
			for i, sum := range c.sums {
				if got := tree.steady(sum); got != c.want[i] {
					t.Errorf("sample %d: %v, want %v", i, got, c.want[i])
				}
			}
		})
	}
}

func TestUsageCountsWhoEnds(t *testing.T) {
	t.Parallel()
	spec := fakeSpec("forking", freeAddr(t))
	spec.Env[fakePIDs] = filepath.Join(t.TempDir(), "pids")
	s := open(t, spec)
	before, err := s.Usage()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(spec.Env[fakePIDs])
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.Fields(string(text))[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(child, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(pollEvery) {
		after, err := s.Usage()
		if err != nil {
			t.Fatal(err)
		}
		if after.CPUSeconds < before.CPUSeconds {
			t.Fatalf("CPU time fell from %v to %v", before.CPUSeconds, after.CPUSeconds)
		}
		if after.Ended == 1 && after.Processes == 2 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%+v, want one ended and two left", after)
		}
	}
}

func TestUsageOfAServerThatEnded(t *testing.T) {
	t.Parallel()
	s := open(t, fakeSpec("plain", freeAddr(t)))
	if _, err := s.Usage(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(s.RootPID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Exited()
	if u, err := s.Usage(); err != ErrNoProcess {
		t.Errorf("%+v, %v; want %v", u, err, ErrNoProcess)
	}
}

func TestCPUs(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("known on Linux only")
	}
	spec := fakeSpec("plain", freeAddr(t))
	own := allowedCPUs(os.Getpid())
	spec.CPUs = own[:1]
	if got := open(t, spec).CPUs(); len(got) != 1 || got[0] != own[0] {
		t.Errorf("a server pinned to %v may run on %v", spec.CPUs, got)
	}
}

// BenchmarkUsage is what one sample of a tree of twenty processes costs; a
// hundredth of a core at ten samples a second is 1 ms.
func BenchmarkUsage(b *testing.B) {
	s := &Server{spec: Spec{URL: "http://127.0.0.1:1"}, looked: time.Now()}
	s.tree = tree{root: os.Getpid(), members: map[int]member{}, scanned: time.Now().Add(time.Hour)}
	for range 20 {
		cmd := self("sleeping")
		if err := cmd.Start(); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		born, err := statOf(cmd.Process.Pid)
		if err != nil {
			b.Fatal(err)
		}
		s.tree.members[cmd.Process.Pid] = member{born: born.born}
	}
	b.Run("sample", func(b *testing.B) {
		before := used()
		defer func() { b.ReportMetric(float64((used()-before).Nanoseconds())/float64(b.N), "cpu-ns/op") }()
		for b.Loop() {
			if _, err := s.tree.usage(os.Getpid()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("scan", func(b *testing.B) {
		before := used()
		defer func() { b.ReportMetric(float64((used()-before).Nanoseconds())/float64(b.N), "cpu-ns/op") }()
		for b.Loop() {
			s.tree.scan(time.Now())
		}
	})
}
