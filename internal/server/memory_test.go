package server

import (
	"os"
	"runtime"
	"strings"
	"testing"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	onLinux(t)
	s := open(t, fakeSpec("plain", freeAddr(t)))
	if _, err := s.Usage(); err != nil {
		t.Fatal(err)
	}
	m, err := s.Memory()
	if err != nil {
		t.Fatal(err)
	}
	if m.ProportionalBytes == nil || m.PeakBytes == nil || *m.ProportionalBytes < 1<<20 || *m.PeakBytes < *m.ProportionalBytes/2 {
		t.Errorf("%+v, want proportional and peak memory of a Go program", m)
	}
	if m.OpenFiles == nil || *m.OpenFiles < 4 { // 0, 1, 2 and the socket
		t.Errorf("open files %v, want 4 and more", m.OpenFiles)
	}
	if n, err := s.OpenFiles(); err != nil || *n < 4 {
		t.Errorf("open files %v (%v), want 4 and more", n, err)
	}
	if m.SwapBytes == nil {
		t.Error("swap is unknown")
	}
}

func TestMemoryOfWhoHasEnded(t *testing.T) {
	t.Parallel()
	s := open(t, fakeSpec("plain", freeAddr(t)))
	if _, err := s.Usage(); err != nil {
		t.Fatal(err)
	}
	for pid := range s.tree.members {
		s.tree.members[pid] = member{} // the pid is another process's by now
	}
	if _, err := s.Memory(); err != ErrNoProcess {
		t.Errorf("error %v, want %v", err, ErrNoProcess)
	}
	if n, err := s.OpenFiles(); err != ErrNoProcess || n != nil {
		t.Errorf("open files %v, error %v, want %v", n, err, ErrNoProcess)
	}
}

// TestMemoryOfAnotherUser reads process 1 without root's rights: its peak is
// anybody's to know, the rest is explained.
func TestMemoryOfAnotherUser(t *testing.T) {
	onLinux(t)
	var m Memory
	var err error
	asNobody(t, func() { m, err = memoryOf([]int{1}) })
	if err == nil || !strings.Contains(err.Error(), "process 1 belongs to another user") {
		t.Fatalf("error %v, want an explanation", err)
	}
	if m.PeakBytes == nil || m.ProportionalBytes != nil || m.OpenFiles != nil {
		t.Errorf("%+v, want the peak alone", m)
	}
}

// BenchmarkSample is what ten samples of this process cost, one of them with details.
func BenchmarkSample(b *testing.B) {
	t := tree{}
	pid := os.Getpid()
	for b.Loop() {
		for range 10 {
			if _, err := t.usage(pid); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := memoryOf([]int{pid}); err != nil {
			b.Fatal(err)
		}
	}
}

func onLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("read on Linux only")
	}
}
