package words

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"taskbench/compare"
	"taskbench/compare/sentences"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// Histograms is the page of latency distributions: a bar a bucket, as long as
// its share, with the percentiles that fall into it.
func Histograms(h *compare.Histograms) page.Page {
	p := page.Page{Headline: fmt.Sprintf("latency of %s, %s", h.Implementation, h.Created.Format(minute)), Records: histogramRecords(h), Data: sentences.WithTexts(h)}
	if h.Reference != "" {
		p.Add(page.Lines{Items: page.Sentences([]string{h.Reference + ": " + referenceNote})})
	}
	for _, one := range h.Histograms {
		p.Add(page.Space{}, page.Heading{Text: histogramTitle(one)}, notes(one.Notes, false), page.Simple(histogramForm(one)),
			page.Lines{Items: page.Sentences([]string{percentileLine(one)})})
	}
	return p
}

// histogramRecords are one line for each bucket, which holds what took from_us
// at least and less than to_us, and one for each percentile.
func histogramRecords(h *compare.Histograms) page.Records {
	t := newTable("target", "session", "scenario", "connections", "of", "step", "name", "from_us", "to_us", "count", "fraction", "pairs", "reason")
	if h.Reference != "" {
		t.tell(fields{"target": h.Implementation}, h.Reference+": "+referenceNote)
	}
	for _, one := range h.Histograms {
		where := fields{"target": h.Implementation, "session": h.Session, "scenario": one.Scenario, "connections": strconv.Itoa(one.Connections),
			"of": "answers", "step": one.Step, "pairs": strconv.Itoa(one.Pairs)}
		if one.EndToEnd {
			where["of"] = "iterations"
		}
		t.warn(where, one.Notes...)
		for _, p := range one.Percentiles {
			t.add(where, fields{"name": p.Name, "from_us": figure.Plain(p.US), "to_us": figure.Plain(p.US)})
		}
		for _, b := range one.Buckets {
			t.add(where, fields{"name": "bucket", "from_us": figure.Plain(b.FromUS), "to_us": figure.Plain(b.ToUS),
				"count": strconv.FormatUint(b.Count, 10), "fraction": figure.Plain(b.Fraction)})
		}
	}
	return t.Records
}

// histogramTitle is "projects, step create · 50 connections · 12,345 answers in 6 pairs".
func histogramTitle(h compare.Histogram) string {
	name, what := h.Scenario, "answer"
	switch {
	case h.Step != "" && h.EndToEnd:
		name, what = name+", journey "+h.Step, "iteration"
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

// histogramForm is the table of a distribution. Several empty buckets in a row
// are one line.
func histogramForm(h compare.Histogram) page.Form {
	f := page.Form{Columns: []page.Column{{Name: "below"}, {Name: "count"}, {Name: "share"}, {Words: true}}}
	marks := percentileMarks(h)
	for _, i := range compare.Visible(h.Buckets) {
		if i < 0 {
			f.Rows = append(f.Rows, page.Row{Cells: []page.Cell{{Text: "⋮"}, {}, {}, {}}})
			continue
		}
		b := &h.Buckets[i]
		f.Rows = append(f.Rows, page.Row{Cells: []page.Cell{
			{Text: figure.Time.Print(b.ToUS)}, {Text: figure.Grouped(b.Count)}, {Text: figure.Percent(b.Fraction)}, {Text: marks[i], Share: &b.Fraction},
		}})
	}
	return f
}

// percentileMarks are the percentiles by the bucket they fall into.
func percentileMarks(h compare.Histogram) []string {
	marks := make([]string, len(h.Buckets))
	for _, p := range h.Percentiles {
		at := slices.IndexFunc(h.Buckets, func(b compare.Bucket) bool { return p.US < b.ToUS })
		if at < 0 {
			at = len(h.Buckets) - 1
		}
		marks[at] += " " + p.Name
	}
	return marks
}

// percentileLine is "p50 731 µs · p75 905 µs · …".
func percentileLine(h compare.Histogram) string {
	var parts []string
	for _, p := range h.Percentiles {
		parts = append(parts, p.Name+" "+figure.Time.Print(p.US))
	}
	return strings.Join(parts, " · ")
}
