package counter

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"taskbench/internal/machine"
)

// workWord has the test's binary fault pages in on demand.
const workWord = "work-for-perf"

const (
	pages = 10_000
	slack = 8_000 // pages that a Go program faults in of its own, with the race detector's
)

// work answers each line with the µs between which it has faulted pages in: in
// a thread of its own, or in a child.
func work(in io.Reader, out io.Writer) {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		from := machine.NowUS()
		switch lines.Text() {
		case "thread":
			done := make(chan bool)
			go func() {
				runtime.LockOSThread() // and never unlock it: the thread ends with the goroutine
				touch()
				done <- true
			}()
			<-done
		case "child":
			cmd := exec.Command(os.Args[0], workWord)
			cmd.Stdin = strings.NewReader("itself\n")
			if err := cmd.Run(); err != nil {
				panic(err)
			}
		case "itself":
			touch()
		}
		fmt.Fprintln(out, from, machine.NowUS())
	}
}

// touch faults pages in, one by one.
func touch() {
	size := os.Getpagesize()
	memory, err := unix.Mmap(-1, 0, pages*size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		panic(err)
	}
	_ = unix.Madvise(memory, adviseSmallPages) // a kernel without huge pages refuses
	for at := 0; at < len(memory); at += size {
		memory[at] = 1
	}
	if err := unix.Munmap(memory); err != nil {
		panic(err)
	}
}

// TestRealPerf has the installed perf count page faults, which it can on any
// machine, where they happen: in new threads and new children of a process that
// it was attached to before, and at the time at which they happened.
func TestRealPerf(t *testing.T) {
	t.Parallel()
	p, err := Find(t.Context(), "page-faults:u")
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.Command(os.Args[0], workWord)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer in.Close()

	end, err := p.Count(t.Context(), []int{cmd.Process.Pid}, 20*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	answers := bufio.NewReader(out)
	type burst struct{ from, to float64 }
	var bursts []burst
	for _, where := range []string{"itself", "thread", "child"} {
		time.Sleep(200 * time.Millisecond) // so that bursts lie apart, at the least
		fmt.Fprintln(in, where)
		line, err := answers.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		var b burst
		if _, err := fmt.Sscan(line, &b.from, &b.to); err != nil {
			t.Fatal(err)
		}
		bursts = append(bursts, b)
	}
	time.Sleep(100 * time.Millisecond)
	counts := end()
	if counts.Ended != "" {
		t.Fatal(counts.Ended)
	}
	// The binding is late by the quickest line's way; far less than this. A busy
	// machine makes intervals longer, so those at a burst's edges count, too: too
	// much is seen in the sum of all.
	const late = 60_000
	for i, b := range bursts {
		n := 0.0
		for _, at := range counts.Intervals {
			if at.FromUS <= b.to+late && at.ToUS >= b.from-late {
				n += at.N
			}
		}
		if n < pages {
			t.Errorf("burst %d, %.0f to %.0f µs: %v faults, want %d and a few", i, b.from, b.to, n, pages)
		}
	}
	if all := counts.Between(0, machine.NowUS()); all.N < 3*pages || all.N > 3*(pages+slack) || all.Running != 1 || all.MissedS != 0 {
		t.Errorf("%+v in all, want %d and a few", all, 3*pages)
	}
}

// TestRealPerfWithoutAServer has perf say that there is nobody.
func TestRealPerfWithoutAServer(t *testing.T) {
	t.Parallel()
	p, err := Find(t.Context(), "page-faults:u")
	if err != nil {
		t.Skip(err)
	}
	gone := exec.Command(os.Args[0], workWord)
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Count(t.Context(), []int{gone.Process.Pid}, 20*time.Millisecond); err == nil || !strings.Contains(err.Error(), "perf stat: ") {
		t.Errorf("error %v", err)
	}
}

// TestRealPerfOfInstructions says whether this machine can count them; either
// way in one sentence at most.
func TestRealPerfOfInstructions(t *testing.T) {
	t.Parallel()
	_, err := Find(t.Context(), Instructions)
	if err != nil && strings.Contains(err.Error(), "\n") {
		t.Errorf("more than a sentence: %v", err)
	}
	t.Logf("instructions can be counted: %t (%v)", err == nil, err)
}
