package callgrind

import (
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
)

// made is a recording of some bytes that is made as it is read: 4000 functions
// of six objects, each with the costs of many lines and calls to some others, as
// callgrind writes them, in dump after dump.
type made struct {
	size, written  int
	part, function int
	sum            uint64
	rest           string
	look           func()
}

func (m *made) Read(p []byte) (int, error) {
	for m.rest == "" {
		if m.written >= m.size && m.function == 0 {
			return 0, io.EOF
		}
		var b strings.Builder
		m.next(&b)
		m.rest = b.String()
		m.written += len(m.rest)
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

func (m *made) next(b *strings.Builder) {
	const functions = 4000
	i := m.function
	if i == 0 {
		m.part, m.sum = m.part+1, 0
		fmt.Fprintf(b, "part: %d\npositions: line\nevents: Ir sysCount sysTime sysCpuTime\n", m.part)
		m.look()
	}
	fmt.Fprintf(b, "\nob=(%d) /srv/lib%d.so\nfl=(%d) src/file%d.rs\nfn=(%d) _ZN8taskflow%04d7handler17h%016xE\n", i%6, i%6, i%300, i%300, i, i, i)
	for line := range 40 {
		fmt.Fprintf(b, "+%d %d\n", line%7, 100+line)
		m.sum += uint64(100 + line)
	}
	for call := 1; call < 8; call++ {
		to := (i*31 + call) % functions
		fmt.Fprintf(b, "cob=(%d) /srv/lib%d.so\ncfn=(%d) _ZN8taskflow%04d7handler17h%016xE\ncalls=%d +3\n* %d 1 2000 1500\n", to%6, to%6, to, to, to, call, 1000*call)
	}
	if m.function = (i + 1) % functions; m.function == 0 {
		fmt.Fprintf(b, "\ntotals: %d\n", m.sum)
	}
}

// held is the memory of live objects, in bytes.
func held() uint64 {
	runtime.GC()
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// TestStreamed reads a recording of 12 MB: what is held grows with its functions
// and calls, which are those of its first dump, and not with its length.
func TestStreamed(t *testing.T) {
	const most = 10 << 20
	before, peak := held(), uint64(0)
	r, err := Read("made", &made{size: 12 << 20, look: func() { peak = max(peak, held()) }})
	if err != nil {
		t.Fatal(err)
	}
	peak = max(peak, held())
	if grown := int64(peak) - int64(before); r.Parts < 3 || grown > most {
		t.Errorf("of %d parts, it held %.1f MB more than before", r.Parts, float64(grown)/1e6)
	}
	runtime.KeepAlive(r)
}
