package profile

import (
	"bufio"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// WriteFolded writes folded stacks, "main;serve;parse 12", as flamegraph.pl,
// inferno and speedscope read them.
func (t *Tree) WriteFolded(w io.Writer) error {
	out := bufio.NewWriter(w)
	err := t.walk(func(path []int, self uint64) error {
		for i, f := range path {
			if i > 0 {
				out.WriteByte(';')
			}
			out.WriteString(foldedName(t.functions[f].name))
		}
		out.WriteByte(' ')
		out.WriteString(strconv.FormatUint(self, 10))
		return out.WriteByte('\n') // a bufio.Writer keeps its first error
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

var foldedName = strings.NewReplacer(";", ":", "\n", " ", "\r", " ").Replace

// Meaning says what the counts of a tree are, in the words of pprof.
type Meaning struct {
	Type, Unit  string // "samples", "count"
	Cost        string // what a count stands for: "cpu"; "" for nothing more
	CostUnit    string // "nanoseconds"
	CostOfOne   int64
	Started     time.Time     // of the recording; zero when unknown
	Length      time.Duration // of the recording; 0 when unknown
	Description string        // a comment in the profile
}

// WritePprof writes a gzipped profile.proto, as `go tool pprof` and speedscope
// read it. Functions have names and objects, but no lines.
func (t *Tree) WritePprof(w io.Writer, m Meaning) error {
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: m.Type, Unit: m.Unit}}, DurationNanos: int64(m.Length)}
	if m.Cost != "" {
		p.SampleType = append(p.SampleType, &profile.ValueType{Type: m.Cost, Unit: m.CostUnit})
		p.PeriodType, p.Period = p.SampleType[1], m.CostOfOne
		p.DefaultSampleType = m.Cost
	}
	if !m.Started.IsZero() {
		p.TimeNanos = m.Started.UnixNano()
	}
	if m.Description != "" {
		p.Comments = []string{m.Description}
	}
	locations := t.pprofLocations(p)
	err := t.walk(func(path []int, self uint64) error {
		s := &profile.Sample{Value: []int64{int64(self)}}
		if m.Cost != "" {
			s.Value = append(s.Value, int64(self)*m.CostOfOne)
		}
		for i := len(path) - 1; i >= 0; i-- { // pprof begins with the innermost
			s.Location = append(s.Location, locations[path[i]])
		}
		p.Sample = append(p.Sample, s)
		return nil
	})
	if err != nil {
		return err
	}
	return p.Write(w)
}

// pprofLocations makes one location a function, each in the mapping of its object.
func (t *Tree) pprofLocations(p *profile.Profile) []*profile.Location {
	mappings := map[string]*profile.Mapping{}
	locations := make([]*profile.Location, len(t.functions))
	for i, f := range t.functions {
		id := uint64(i + 1)
		fn := &profile.Function{ID: id, Name: f.name, SystemName: f.name}
		mapping := mappings[f.object]
		if mapping == nil && f.object != "" {
			mapping = &profile.Mapping{ID: uint64(len(mappings) + 1), File: f.object, HasFunctions: true}
			mappings[f.object] = mapping
			p.Mapping = append(p.Mapping, mapping)
		}
		locations[i] = &profile.Location{ID: id, Mapping: mapping, Line: []profile.Line{{Function: fn}}}
		p.Function, p.Location = append(p.Function, fn), append(p.Location, locations[i])
	}
	return locations
}
