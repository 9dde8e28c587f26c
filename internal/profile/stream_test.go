package profile

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"

	"taskbench/parse"
)

// stream is a text that is made as it is read.
type stream struct {
	next func(*strings.Builder) bool // adds the next piece; false: there is none
	rest string
}

func (s *stream) Read(p []byte) (int, error) {
	for s.rest == "" {
		var b strings.Builder
		if !s.next(&b) {
			return 0, io.EOF
		}
		s.rest = b.String()
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	return n, nil
}

// walk is a stack as a server of 4000 functions has them, the outermost first:
// it branches from call to call, most often the same way, so that new stacks
// turn up for ever but more and more rarely. Real recordings of TaskFlow's
// reference server have a new stack in every second to fourth sample.
func walk(r *rand.Rand) []int {
	depth := 12 + r.IntN(26)
	out := make([]int, depth)
	at := 1
	for i := range out {
		branch := 0
		for branch < 6 && r.IntN(24) == 0 {
			branch++
		}
		at = (at*31 + branch*17 + i) % 4000
		out[i] = at
	}
	return out
}

func symbol(function int) string {
	return fmt.Sprintf("_ZN8taskflow%02d7handler17h%016xE", function%100, function)
}

// perfOutput is what perf script prints of a recording of some bytes.
func perfOutput(recording int) *stream {
	r, at, written := rand.New(rand.NewPCG(1, 2)), 0, 0
	return &stream{next: func(b *strings.Builder) bool {
		if written >= recording {
			return false
		}
		stack := walk(r)
		written += 72 + 8*len(stack) // perf_event.h: header, ids, time, cpu, period, and 8 bytes a caller
		at++
		fmt.Fprintf(b, "tokio-runtime-w 22525/%d [%03d] %d.%06d:    1001001 cpu-clock:ppp: \n", 22525+at%8, at%4, 5000+at/4000, at%1e6)
		for i := len(stack) - 1; i >= 0; i-- {
			fmt.Fprintf(b, "\t    %012x %s+0x%x (/srv/taskflow-api)\n", 0x55d0c0000000+stack[i]*64, symbol(stack[i]), stack[i]%64)
		}
		b.WriteString("\n")
		return true
	}}
}

// heapOutput is what heaptrack_print prints, of some bytes.
func heapOutput(size int) *stream {
	r, written, ended := rand.New(rand.NewPCG(3, 4)), 0, false
	return &stream{next: func(b *strings.Builder) bool {
		if ended {
			return false
		}
		if written >= size {
			ended = true
			b.WriteString("total runtime: 10.0s.\ncalls to allocation functions: 100 (10/s)\ntemporary memory allocations: 10 (1/s)\n" +
				"peak heap memory consumption: 1.00M\npeak RSS (including heaptrack overhead): 2.00M\ntotal memory leaked: 64B\n")
			return true
		}
		heapPlace(b, []string{
			"%d calls to allocation functions with 1.00K peak consumption from\n", "%d temporary allocations of 20 allocations in total (50.00%%) from\n",
			"%dB peak memory consumed over 100 calls from\n", "%dB leaked over 100 calls from\n",
		}[4*written/size], r)
		written += b.Len()
		return true
	}}
}

func heapPlace(b *strings.Builder, head string, r *rand.Rand) {
	fmt.Fprintf(b, head, 1+r.IntN(1000))
	stack := walk(r)
	for i := len(stack) - 1; i >= 0; i-- {
		fmt.Fprintf(b, "  %s\n    at /srv/src/handlers.rs:%d\n    in /srv/taskflow-api\n", symbol(stack[i]), stack[i])
	}
}

// held is the memory of live objects, in bytes.
func held() uint64 {
	runtime.GC()
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// readers feed generated data to what adds recordings up, and call look after
// every thousandth stack.
var readers = map[string]func(size int, look func()) (any, error){
	"perf": func(size int, look func()) (any, error) {
		sum, n := newSamples(), 0
		err := parse.Perf("perf script", perfOutput(size), func(s *parse.PerfSample) error {
			if n++; n%1000 == 0 {
				look()
			}
			return sum.add(s)
		})
		return sum, err
	},
	"heaptrack": func(size int, look func()) (any, error) {
		sum, n := newAllocations(), 0
		_, err := parse.ReadHeaptrack("heaptrack_print", heapOutput(size), func(s *parse.HeapStack) error {
			if n++; n%1000 == 0 {
				look()
			}
			return sum.add(s)
		})
		return sum, err
	},
}

// TestStreams holds that what perf and heaptrack print is read piece by piece:
// of 3 MB of text, never as much as that is held.
func TestStreams(t *testing.T) {
	const most = 2 << 20
	for name, size := range map[string]int{"perf": 512 << 10, "heaptrack": 3 << 20} {
		t.Run(name, func(t *testing.T) {
			before, peak := held(), uint64(0)
			sum, err := readers[name](size, func() { peak = max(peak, held()) })
			if err != nil {
				t.Fatal(err)
			}
			if grown := int64(peak) - int64(before); peak == 0 || grown > most {
				t.Errorf("it held %d MB more than before", grown>>20)
			}
			runtime.KeepAlive(sum)
		})
	}
}

// BenchmarkStreams is what recordings of 100 MB take: the bar is 200 MB of
// memory, all of the process's.
func BenchmarkStreams(b *testing.B) {
	for name, read := range readers {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				debug.FreeOSMemory()
				if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // proc_pid_clear_refs(5): the peak begins anew
					b.Skip(err)
				}
				if _, err := read(100<<20, func() {}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(peakResident(b)/1e6, "peak-MB")
		})
	}
}

func peakResident(b *testing.B) float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skip(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kilobytes, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kilobytes * 1024
}
