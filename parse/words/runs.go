// Package words puts into text what package parse read of a generator's output.
package words

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"taskbench/parse"
)

// Options say what the text is for.
type Options struct {
	Buckets bool // every bucket of the histograms too
	Width   int  // columns of the terminal; 0: lines are not broken
	ASCII   bool // for terminals that show nothing else
}

// Runs writes runs for people, a paragraph each.
func Runs(out io.Writer, reports []parse.Printout, o Options) error {
	var b strings.Builder
	for i, r := range reports {
		if i > 0 {
			b.WriteString("\n")
		}
		w := runText{&b}
		w.run(r)
		if o.Buckets {
			w.buckets(r)
		}
		for _, warning := range r.Warnings {
			fmt.Fprintf(&b, "! %s\n", strings.ReplaceAll(visible(warning), "\n", "\n  "))
		}
	}
	text := b.String()
	if o.ASCII {
		text = strings.NewReplacer("µ", "u", "…", "...").Replace(text)
	}
	if o.Width > 0 {
		text = foldLines(text, o.Width)
	}
	_, err := io.WriteString(out, text)
	return err
}

// foldLines breaks lines that are wider than a terminal between words, and
// words that are; what follows is indented.
func foldLines(text string, width int) string {
	const indent = "      "
	var b strings.Builder
	for line := range strings.Lines(text) {
		runes := []rune(strings.TrimSuffix(line, "\n"))
		for len(runes) > width {
			cut := width
			if at := lastBlank(runes[:width+1]); at > len(indent) {
				cut = at
			}
			b.WriteString(strings.TrimRight(string(runes[:cut]), " ") + "\n")
			runes = []rune(strings.TrimLeft(string(runes[cut:]), " "))
			if width > 2*len(indent) {
				runes = append([]rune(indent), runes...)
			}
		}
		b.WriteString(string(runes) + "\n")
	}
	return b.String()
}

func lastBlank(runes []rune) int {
	for i := len(runes) - 1; i > 0; i-- {
		if runes[i] == ' ' {
			return i
		}
	}
	return 0
}

// visible is foreign text without what moves a cursor.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// runText writes the figures of a run; those that it has not are left out.
type runText struct{ b *strings.Builder }

// line writes the parts that are there behind a label.
func (w runText) line(label string, parts ...string) {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	if len(there) > 0 {
		fmt.Fprintf(w.b, "  %-12s  %s\n", label, strings.Join(there, ", "))
	}
}

func (w runText) run(r parse.Printout) {
	target := "target unknown"
	if r.URL != "" {
		target = visible(r.URL)
	}
	tool := r.Tool
	if tool == "" {
		tool, target = "result block", "of a generated script"
	}
	if len(r.Joined) > 0 {
		fmt.Fprintf(w.b, "%d shares of a run, joined: %s\n", len(r.Joined), visible(strings.Join(r.Joined, ", ")))
	} else {
		fmt.Fprintf(w.b, "line %d: %s, %s\n", r.Line, tool, target)
	}
	w.line("load", whole("", r.Threads, " threads"), whole("", r.Connections, " connections"), scaled("", r.DurationAskedS, 1, " s asked for"))
	w.line("answers", whole("", r.Requests, ""), timeOf("within ", r.DurationUS), amount("", r.ReadBytes, ""))
	w.line("throughput", scaled("", r.RequestsPS, 1, "/s"), amount("", r.TransferBytesPS, "/s"))
	w.line("latency", timeOf("mean ", r.LatencyMeanUS), timeOf("standard deviation ", r.LatencyStdevUS), timeOf("maximum ", r.LatencyMaxUS),
		scaled("", r.LatencyWithinStdev, 100, " % within a standard deviation"))
	w.line("each thread", scaled("mean ", r.ThreadRequestsMeanPS, 1, "/s"), scaled("standard deviation ", r.ThreadRequestsStdevPS, 1, "/s"),
		scaled("maximum ", r.ThreadRequestsMaxPS, 1, "/s"))
	w.percentiles("percentiles", r.Latency)
	w.percentiles("since sent", r.LatencyUncorrected)
	w.block(r.Block)
}

func (w runText) percentiles(label string, d *parse.Distribution) {
	if d == nil {
		return
	}
	var parts []string
	for _, p := range d.Percentiles {
		parts = append(parts, timeOf(fmt.Sprintf("p%g ", p.Percent), &p.LatencyUS))
	}
	w.line(label, parts...)
}

// block writes what the script counted in its window.
func (w runText) block(b *parse.Block) {
	if b == nil {
		return
	}
	w.line("scenario", fmt.Sprintf("%q (%s)", b.Scenario, b.Mode), timeOf("window ", &b.Window.LengthUS), whole("", &b.Lost, " lost"),
		whole("", &b.Unanswered, " unanswered"))
	for _, s := range b.Steps {
		parts := []string{whole("", &s.Answers, " answers"), whole("", &s.Good, " good"), whole("", &s.Late, " late")}
		if l := s.Latency; l != nil && l.Count > 0 {
			mean, h := l.SumUS/float64(l.Count), l.HDR()
			parts = append(parts, timeOf("mean ", &mean))
			for _, percent := range []float64{50, 95, 99} {
				at := float64(h.ValueAtPercentile(percent))
				parts = append(parts, timeOf(fmt.Sprintf("p%g ", percent), &at))
			}
			parts = append(parts, timeOf("maximum ", &l.MaxUS))
		}
		w.line("  step", append([]string{fmt.Sprintf("%q", s.Name)}, parts...)...)
	}
	for _, j := range b.Journeys {
		w.line("  journey", fmt.Sprintf("%q", j.Name), whole("", &j.Completed, " completed"), whole("", &j.Failed, " failed"))
	}
}

// buckets writes the histograms: wrk2's spectrum, and the script's buckets.
func (w runText) buckets(r parse.Printout) {
	w.spectrum("spectrum", r.Latency)
	w.spectrum("since sent", r.LatencyUncorrected)
	if r.Block == nil {
		return
	}
	for _, s := range r.Block.Steps {
		for _, bar := range s.Latency.HDR().Distribution() {
			if bar.Count > 0 {
				from := float64(bar.From)
				w.line(fmt.Sprintf("%q", s.Name), timeOf("from ", &from), fmt.Sprintf("%d answers", bar.Count))
			}
		}
	}
	for _, bar := range r.Block.Wrk.Latency {
		at := float64(bar[0])
		w.line("wrk, corrected", timeOf("", &at), fmt.Sprintf("%d samples", bar[1]))
	}
}

func (w runText) spectrum(label string, d *parse.Distribution) {
	if d == nil {
		return
	}
	for _, point := range d.Spectrum {
		w.line(label, timeOf("", &point.LatencyUS), fmt.Sprintf("%.8g %% of the answers", point.Fraction*100), whole("", &point.Count, " so far"))
	}
}

func whole(before string, n *uint64, unit string) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf("%s%d%s", before, *n, unit)
}

func scaled(before string, v *float64, scale float64, unit string) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%s%.10g%s", before, *v*scale, unit)
}

// timeOf is a time in the unit that people would give it in.
func timeOf(before string, us *float64) string {
	if us == nil {
		return ""
	}
	switch {
	case *us >= 1e6:
		return fmt.Sprintf("%s%.2f s", before, *us/1e6)
	case *us >= 1e3:
		return fmt.Sprintf("%s%.2f ms", before, *us/1e3)
	}
	return fmt.Sprintf("%s%.2f µs", before, *us)
}

// amount is a number of bytes, in the powers of 1024 that wrk counts in.
func amount(before string, bytes *float64, unit string) string {
	if bytes == nil {
		return ""
	}
	v, prefix := *bytes, "B"
	for _, next := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if v < 1024 {
			break
		}
		v, prefix = v/1024, next
	}
	return fmt.Sprintf("%s%.2f %s%s", before, v, prefix, unit)
}
