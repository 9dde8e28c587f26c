package server

import (
	"os/exec"
	"syscall"
	"testing"
)

// BenchmarkTwentyProcesses is what one second of sampling costs for 20
// processes: a look for new ones, ten samples, one of them with details. The
// aim is less than 1 % of a core, 10 ms.
func BenchmarkTwentyProcesses(b *testing.B) {
	cmd := exec.Command("sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do sleep 60 & done; echo ready; wait")
	out, err := cmd.StdoutPipe()
	check(err)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	check(cmd.Start())
	defer func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its children too
		_ = cmd.Wait()                                      // by a signal, as told
	}()
	_, err = out.Read(make([]byte, 6))
	check(err)
	t := tree{}
	began := used()
	for b.Loop() {
		t.scanned = t.scanned.Add(-rescanEvery)
		for range 10 {
			if u, err := t.usage(cmd.Process.Pid); err != nil || u.Processes != 20 {
				b.Fatal(u, err)
			}
		}
		var pids []int
		for pid := range t.members {
			pids = append(pids, pid)
		}
		if _, err := memoryOf(pids); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((used()-began).Milliseconds())/float64(b.N), "cpu-ms/second")
}
