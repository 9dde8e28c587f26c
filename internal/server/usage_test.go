package server

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	cases := []struct {
		kind      string
		processes int
		cpu       float64 // at least, s
	}{
		{"plain", 1, 0},
		{"burning", 1, 0.3},
		{"reaping", 1, 0.28}, // a child's time is counted in ticks of 10 ms
		{"forking", 3, 0},
	}
	for _, c := range cases {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			if c.kind == "reaping" && runtime.GOOS != "linux" {
				t.Skip("the time of ended children is known on Linux only")
			}
			spec := fakeSpec(c.kind, freeAddr(t))
			spec.Env[fakePIDs] = filepath.Join(t.TempDir(), "pids")
			u, err := open(t, spec).Usage()
			if err != nil {
				t.Fatal(err)
			}
			if u.Processes != c.processes || u.Threads < c.processes {
				t.Errorf("%d processes, %d threads, want %d processes", u.Processes, u.Threads, c.processes)
			}
			// A burning fake stops as soon as rusage says so; starting a Go
			// program takes little, but on a busy machine not nothing.
			if u.CPUSeconds < c.cpu || u.CPUSeconds > c.cpu+1 {
				t.Errorf("CPU %.3f s, want %.2f s and a little", u.CPUSeconds, c.cpu)
			}
			if min, max := uint64(1<<20), uint64(1<<30); u.ResidentBytes < min || u.ResidentBytes > max {
				t.Errorf("resident %d bytes, want 1 MiB to 1 GiB", u.ResidentBytes)
			}
		})
	}
}

// TestUsageAgreesWithRusage holds the clock of another process against what
// that process is told by getrusage: here, both are ours.
func TestUsageAgreesWithRusage(t *testing.T) {
	t.Parallel()
	before := used().Seconds()
	now, err := statOf(os.Getpid())
	got := now.cpuSeconds
	if err != nil {
		t.Fatal(err)
	}
	// Children of this process that other tests waited for are in got alone.
	if slack := 0.02; got < before-slack {
		t.Errorf("%.3f s of CPU time, but getrusage said %.3f before", got, before)
	}
}

func TestUsageWithoutProcess(t *testing.T) {
	t.Parallel()
	s := &Server{spec: Spec{URL: "http://192.0.2.1:3000"}}
	if _, err := s.Usage(); err != ErrNoProcess {
		t.Errorf("error %v, want %v", err, ErrNoProcess)
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	repo := t.TempDir()
	for _, args := range [][]string{
		{"init", "-q"},
		{"-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "first"},
	} {
		if out, err := exec.Command("git", append([]string{"-C", repo}, args...)...).CombinedOutput(); err != nil {
			t.Skipf("git: %v: %s", err, out)
		}
	}
	spec := fakeSpec("reference", freeAddr(t))
	spec.Dir = repo
	id := open(t, spec).Identity(t.Context())
	if len(id.GitCommit) != 40 || id.GitDirty {
		t.Errorf("git %q, dirty %t; want a commit, clean", id.GitCommit, id.GitDirty)
	}
	if want := "reference server, windjammer dialect, --error-rate 50%"; id.Reference != want {
		t.Errorf("Reference %q, want %q", id.Reference, want)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	hash, size := digest(self)
	if id.Executable != self || id.ExecutableSHA256 != hash || id.ExecutableBytes != size || len(hash) != 64 {
		t.Errorf("executable %q, %d bytes, %s; want %q, %d, %s", id.Executable, id.ExecutableBytes, id.ExecutableSHA256, self, size, hash)
	}
}

func TestIdentityOfAnotherServer(t *testing.T) {
	t.Parallel()
	spec := fakeSpec("plain", freeAddr(t))
	spec.Dir = t.TempDir()
	id := open(t, spec).Identity(t.Context())
	if id.Reference != "" || id.GitCommit != "" || id.GitDirty {
		t.Errorf("identity %+v, want neither reference nor git", id)
	}
}

func TestDirtyCheckout(t *testing.T) {
	t.Parallel()
	repo := t.TempDir()
	file := filepath.Join(repo, "file")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("a")
	for _, line := range []string{"init -q", "add file", "-c user.name=t -c user.email=t@example.com commit -q -m first"} {
		if out, err := exec.Command("git", append([]string{"-C", repo}, strings.Fields(line)...)...).CombinedOutput(); err != nil {
			t.Skipf("git: %v: %s", err, out)
		}
	}
	write("b")
	if commit, dirty := checkout(t.Context(), repo); len(commit) != 40 || !dirty {
		t.Errorf("commit %q, dirty %t; want a commit, dirty", commit, dirty)
	}
}

func TestProgramListens(t *testing.T) {
	t.Parallel()
	s := open(t, fakeSpec("plain", freeAddr(t)))
	if got := s.ProgramPID(); got != s.RootPID() {
		t.Errorf("ProgramPID %d, want the root, %d", got, s.RootPID())
	}
}
