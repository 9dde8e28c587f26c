package profile

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskbench/internal/bench"
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

// heapOutput is a recording of heaptrack of some bytes: half of it stacks that
// are new, half of it allocations.
func heapOutput(size int) *stream {
	r, written := rand.New(rand.NewPCG(3, 4)), 0
	places := &heapPlaces{traces: map[[2]int]int{}}
	return &stream{next: func(b *strings.Builder) bool {
		switch {
		case written >= size:
			return false
		case written == 0:
			heapNames(b)
		default:
			places.add(b, walk(r), r.IntN(16))
		}
		written += b.Len()
		return true
	}}
}

// heapNames are the functions, and the instructions in them.
func heapNames(b *strings.Builder) {
	b.WriteString("v 10400 3\ns 11 /srv/taskflow-api\n")
	for i := range 4000 {
		fmt.Fprintf(b, "s %x %s\n", len(symbol(i)), symbol(i))
	}
	for i := range 4000 {
		fmt.Fprintf(b, "i %x 1 %x 0 0\n", 0x55d0c0000000+i*64, i+2)
	}
}

// heapPlaces numbers places as heaptrack does: each when it is first met.
type heapPlaces struct {
	traces map[[2]int]int // instruction and caller
	sizes  int
}

func (p *heapPlaces) add(b *strings.Builder, stack []int, size int) {
	caller, known := 0, true
	for _, function := range stack {
		key := [2]int{function + 1, caller}
		if caller, known = p.traces[key], p.traces[key] != 0; !known {
			caller = len(p.traces) + 1
			p.traces[key] = caller
			fmt.Fprintf(b, "t %x %x\n", key[0], key[1])
		}
	}
	if !known || p.sizes == 0 {
		fmt.Fprintf(b, "a %x %x\n", 16+16*size, caller)
		p.sizes++
	}
	for i := range 8 {
		fmt.Fprintf(b, "+ %x\n", (p.sizes*7+i*size)%p.sizes)
	}
	fmt.Fprintf(b, "- %x\nc %x\n", p.sizes-1, p.sizes)
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
		sum, n := newSamples(bench.Span{ToUS: math.Inf(1)}), 0
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
		_, err := parse.ReadHeaptrack("recording", heapOutput(size), parse.HeapWindow{To: time.Hour}, func(s *parse.HeapStack) error {
			if n++; n%100 == 0 {
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
