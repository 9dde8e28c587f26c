package callgrind

import (
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkStreams is what a recording of 100 MB takes: the bar is 200 MB of
// memory, all of the process's.
func BenchmarkStreams(b *testing.B) {
	for b.Loop() {
		debug.FreeOSMemory()
		if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // proc_pid_clear_refs(5): the peak begins anew
			b.Skip(err)
		}
		if _, err := Read("made", &made{size: 100 << 20, look: func() {}}); err != nil {
			b.Fatal(err)
		}
	}
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kilobytes, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(kilobytes*1024/1e6, "peak-MB")
}
