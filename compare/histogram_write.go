package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// HistogramsJSON writes all distributions for programs.
func HistogramsJSON(w io.Writer, list []*Histograms) error {
	return writeJSON(w, map[string]any{"results": list})
}

// HistogramsText draws distributions for people at a terminal: a bar a bucket,
// as long as its share, with the percentiles that fall into it.
func HistogramsText(w io.Writer, h *Histograms, o TextOptions) error {
	t := newTextWriter(w, o)
	headline := fmt.Sprintf("latency of %s, %s", h.Implementation, h.Created.Format("2006-01-02 15:04"))
	t.line(t.paint.as(strong, oneLine(headline, t.width)))
	if h.Reference != "" {
		t.wrapped("  ", clean(h.Reference+": "+referenceNote))
	}
	for _, one := range h.Histograms {
		t.line("")
		t.line(t.paint.as(strong, oneLine(one.title(), t.width)))
		t.table(t.histogram(one))
		t.wrapped("  ", one.percentileLine())
		for _, n := range one.Notes {
			t.wrapped("  ! ", clean(n))
		}
	}
	return t.err
}

// title is "projects, step create · 50 connections · 12,345 answers in 6 pairs".
func (h Histogram) title() string {
	name, what := h.Scenario, "answer"
	switch {
	case h.Step != "":
		name += ", step " + h.Step
	case h.EndToEnd:
		name, what = name+", end to end", "iteration"
	default:
		name += ": " + h.Title
	}
	if h.Count != 1 {
		what += "s"
	}
	return fmt.Sprintf("%s · %s · %s %s in %s", name, figure.Count(h.Connections, "connection"), figure.Grouped(h.Count), what, figure.Count(h.Pairs, "pair"))
}

const (
	leastBar = 8
	mostBar  = 60
)

// histogram is the table of a distribution. Several empty buckets in a row are
// one line.
func (t *textWriter) histogram(h Histogram) grid {
	g := grid{header: []string{"below", "count", "share", ""}, texts: []string{""}}
	rows := visible(h.Buckets)
	marks := h.marks()
	longest, tail := 0.0, 0
	for i, b := range h.Buckets {
		longest, tail = math.Max(longest, b.Fraction), max(tail, textWidth(marks[i]))
	}
	for _, i := range rows {
		if i < 0 {
			g.rows = append(g.rows, []box{{text: "⋮"}, {}, {}, {}})
			continue
		}
		b := h.Buckets[i]
		g.rows = append(g.rows, []box{{text: figure.P50.Unit.Text(b.ToUS, b.ToUS)}, {text: figure.Grouped(b.Count)}, {text: figure.Percent(b.Fraction)}, {}})
	}
	alignRight(g.rows)
	room := min(max(t.width-g.width()-tail, leastBar), mostBar)
	for n, i := range rows {
		if i >= 0 {
			g.rows[n][3].text = bar(h.Buckets[i].Fraction/longest, room) + marks[i]
		}
	}
	return g
}

// alignRight puts the figures of the first column, which stands left, under
// each other.
func alignRight(rows [][]box) {
	wide := 0
	for _, r := range rows {
		wide = max(wide, textWidth(r[0].text))
	}
	for _, r := range rows {
		r[0].text = strings.Repeat(" ", wide-textWidth(r[0].text)) + r[0].text
	}
}

// marks are the percentiles by the bucket they fall into.
func (h Histogram) marks() []string {
	marks := make([]string, len(h.Buckets))
	for _, p := range h.Percentiles {
		at := slices.IndexFunc(h.Buckets, func(b Bucket) bool { return p.US < b.ToUS })
		if at < 0 {
			at = len(h.Buckets) - 1
		}
		marks[at] += " " + p.Name
	}
	return marks
}

// percentileLine is "p50 731 µs · p75 905 µs · …".
func (h Histogram) percentileLine() string {
	var parts []string
	for _, p := range h.Percentiles {
		parts = append(parts, p.Name+" "+figure.P50.Unit.Text(p.US, p.US))
	}
	return strings.Join(parts, " · ")
}

// Parts of a column, an eighth each.
var eighths = []rune(" ▏▎▍▌▋▊▉")

// bar is a share of columns; what is not nothing can be seen.
func bar(share float64, columns int) string {
	n := int(math.Round(share * float64(columns) * 8))
	if share > 0 {
		n = max(n, 1)
	}
	return strings.TrimRight(strings.Repeat("█", n/8)+string(eighths[n%8]), " ")
}
