package export

import (
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/internal/figure"
	"taskbench/results"
)

// File is one file of an export that has several.
type File struct {
	Name  string // without folders; unique within an export
	Write func(io.Writer) error
}

// ticksPerHalfDistance is the resolution that HdrHistogram's own tools use.
const ticksPerHalfDistance = 5

// Percentiles gives HdrHistogram percentile files (.hgrm), in milliseconds, as
// hdrhistogram.github.io/HdrHistogram/plotFiles.html reads them: one a scenario
// and target, and one for each step, over all counted pairs. docs are what c
// was made of. A stored histogram that cannot be read is an error.
func Percentiles(c *compare.Comparison, docs []results.Document) ([]File, error) {
	var files []File
	for _, s := range c.Scenarios {
		for i, target := range c.Targets {
			m := measured(docs, target, s)
			if m == nil || !exportable(s.Sides[i].State, figure.P50) {
				continue
			}
			steps := []string{""}
			if len(m.Steps) > 1 {
				steps = append(steps, m.Steps...)
			}
			for _, step := range steps {
				f, err := percentileFile(level(c, s), step, target, merged(m, s, step))
				if err != nil {
					return nil, err
				}
				if f != nil {
					files = append(files, *f)
				}
			}
		}
	}
	return unique(files), nil
}

func measured(docs []results.Document, target lineup.Target, s compare.Scenario) *results.Measurement {
	for _, d := range docs {
		if d.Session == target.Session && d.Implementation == target.Implementation {
			return measurementOf(d, s)
		}
	}
	return nil
}

// merged collects the distributions of the pairs that count; of all trials
// where nothing is paired.
func merged(m *results.Measurement, s compare.Scenario, step string) []*results.Latency {
	var parts []*results.Latency
	for _, t := range m.Trials {
		if !t.Counts() || s.State == compare.Compared && !slices.Contains(s.Pairs, t.Pair) {
			continue
		}
		if step == "" {
			parts = append(parts, t.Latency)
		}
		for _, r := range t.Steps {
			if r.Name == step && step != "" {
				parts = append(parts, r.Latency)
			}
		}
	}
	return parts
}

// percentileFile is nil where nothing was answered.
func percentileFile(level, step string, target lineup.Target, parts []*results.Latency) (*File, error) {
	name := word(level) + "_" + word(target.Label)
	if step != "" {
		name += "_" + word(step)
	}
	latency, err := results.MergeLatency(parts...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if latency == nil {
		return nil, nil
	}
	h, err := latency.Histogram()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &File{Name: fileName(name), Write: func(w io.Writer) error {
		_, err := h.PercentilesPrint(w, ticksPerHalfDistance, 1000)
		return err
	}}, nil
}

// longestName is what file systems take, in bytes, with room for ending and number.
const longestName = 255 - 16

func fileName(name string) string {
	for len(name) > longestName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name + ".hgrm"
}

// unique numbers names that came out the same.
func unique(files []File) []File {
	seen := map[string]int{}
	for i, f := range files {
		if seen[f.Name]++; seen[f.Name] > 1 {
			files[i].Name = fmt.Sprintf("%d_%s", seen[f.Name], f.Name)
		}
	}
	return files
}
