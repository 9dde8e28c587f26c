package shown

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"taskbench/compare/capacity"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// namesFit is how wide a server's name may be where the terminal is narrow.
const namesFit = 16

// carriedTable has a row for each server. Bare, it leaves out what the sentence above
// it says already.
func carriedTable(c *capacity.Comparison) page.Table {
	return page.Table{Forms: []page.Form{carriedForm(c, true), carriedForm(c, false)}, Leads: true, Key: "carried"}
}

func carriedForm(c *capacity.Comparison, whole bool) page.Form {
	f := page.Form{Columns: []page.Column{{Words: true, Fit: namesFit}, {Name: "carries"}, {Name: "95 % interval", Words: true}}}
	if whole {
		f.Columns = append(f.Columns, page.Column{Name: "ratio"}, page.Column{Name: "repeats"}, page.Column{Name: "trials"})
	}
	for _, s := range c.Sides {
		name := plain.Clean(s.Target)
		if !whole {
			name = plain.OneLine(s.Target, namesFit)
		}
		row := page.Row{Key: s.Target, Cells: []page.Cell{{Text: name, Of: s.Target}, rateCell(s), {Text: interval(s)}}}
		if whole {
			row.Cells = append(row.Cells, ratioCell(s), page.Cell{Text: strconv.Itoa(s.Repeats)}, page.Cell{Text: strconv.Itoa(s.Trials)})
		}
		f.Rows = append(f.Rows, row)
	}
	return f
}

func rateCell(s capacity.Side) page.Cell {
	if s.Outcome == capacity.Unknown {
		return page.Cell{Text: figure.None}
	}
	cell := page.Cell{Text: figure.Rate.Print(s.Rate), Value: &s.Rate, Of: s.Target}
	switch s.Outcome {
	case capacity.Never:
		cell.Text = "< " + cell.Text
	case capacity.Always, capacity.Generator:
		cell.Text = "≥ " + cell.Text
	}
	return cell
}

func ratioCell(s capacity.Side) page.Cell {
	if s.Against == nil || s.Against.Ratio == 0 {
		return page.Cell{}
	}
	return page.Cell{Text: figure.Interval(s.Against.Ratio, s.Against.CI), Value: &s.Against.Ratio, Of: s.Target}
}

// curveTable is latency and CPU time over the rate: all servers side by side, or each
// in a table of its own where the terminal is too narrow.
func curveTable(c *capacity.Comparison) page.Table {
	all := make([]int, len(c.Targets))
	var t page.Table
	for i := range c.Targets {
		all[i] = i
		t.Apart = append(t.Apart, page.Table{Forms: []page.Form{curveForm(c, []int{i})}})
	}
	t.Key, t.Anchor, t.Forms = "curve", "curve", []page.Form{curveForm(c, all)}
	return t
}

func curveForm(c *capacity.Comparison, targets []int) page.Form {
	cpu := hasCPU(c)
	f := page.Form{Columns: []page.Column{{Name: "rate", Words: true}}}
	for _, i := range targets {
		label := plain.Clean(c.Targets[i].Label)
		f.Columns = append(f.Columns, page.Column{Name: c.Metric, Group: label}, page.Column{Name: "holds", Group: label})
		if cpu {
			f.Columns = append(f.Columns, page.Column{Name: "cpu/answer", Group: label})
		}
	}
	for _, p := range c.Curve {
		if !slices.ContainsFunc(targets, func(i int) bool { return p.Cells[i].Trials > 0 }) {
			continue
		}
		row := page.Row{Cells: []page.Cell{{Text: figure.Rate.Print(p.RatePS), Value: &p.RatePS}}}
		for _, i := range targets {
			cell := p.Cells[i]
			row.Cells = append(row.Cells, timeCell(cell.LatencyUS, cell.Target), holdsCell(cell))
			if cpu {
				row.Cells = append(row.Cells, timeCell(cell.CPUPerAnswerUS, cell.Target))
			}
		}
		f.Rows = append(f.Rows, row)
	}
	return f
}

func hasCPU(c *capacity.Comparison) bool {
	for _, p := range c.Curve {
		for _, cell := range p.Cells {
			if cell.CPUPerAnswerUS != nil {
				return true
			}
		}
	}
	return false
}

func timeCell(v *float64, target string) page.Cell {
	if v == nil {
		return page.Cell{}
	}
	return page.Cell{Text: figure.Time.Print(*v), Value: v, Of: target}
}

// holdsCell says in how many trials the objective held: a sign where all agree.
func holdsCell(cell capacity.PointCell) page.Cell {
	switch held := cell.Trials - cell.Exceeded; {
	case cell.Trials == 0:
		return page.Cell{}
	case held == cell.Trials:
		return page.Cell{Text: "✓", Mood: page.Good}
	case held == 0:
		return page.Cell{Text: "✗", Mood: page.Bad}
	default:
		return page.Cell{Text: fmt.Sprintf("%d of %d", held, cell.Trials)}
	}
}

func curveLegend(c *capacity.Comparison) string {
	text := "medians of the trials at rates near each other; latencies count from the moment a request was due"
	if hasCPU(c) {
		text += "; cpu/answer is the server's"
	}
	return text
}

const (
	curveColumns = 32  // of the drawn curve
	cutAt        = 2   // times the objective: what is beyond would hide all else
	beyond       = 1.3 // times the highest capacity: farther on there is nothing to see
)

// curves draw latency over the rate, the same rates for all servers: between two
// points in a straight line, and nothing beyond the last.
func curves(c *capacity.Comparison) page.Curves {
	low, high := c.Curve[0].RatePS, c.Curve[len(c.Curve)-1].RatePS
	highest := 0.0
	for _, s := range c.Sides {
		highest = max(highest, s.Rate)
	}
	if highest > low {
		high = min(high, beyond*highest)
	}
	cut := math.Inf(1)
	for _, b := range c.Search.Objective {
		if b.Metric == c.Metric {
			cut = cutAt * b.Limit
		}
	}
	out := page.Curves{Title: fmt.Sprintf("%s over the rate, from %s to %s", c.Metric, figure.Rate.Print(low), figure.Rate.Print(high))}
	if !math.IsInf(cut, 1) {
		out.Title += ", cut at " + figure.Time.Print(cut)
	}
	for i, t := range c.Targets {
		one := page.Curve{Label: t.Label}
		least, most := math.Inf(1), 0.0
		for k := range curveColumns {
			rate := low * math.Pow(high/low, float64(k)/(curveColumns-1))
			v, ok := latencyAt(c.Curve, i, rate)
			if !ok {
				break
			}
			least, most = min(least, v), max(most, v)
			one.Values = append(one.Values, min(v, cut))
		}
		if len(one.Values) > 0 {
			one.Range = figure.Time.Print(least) + " to " + figure.Time.Print(most)
			out.Items = append(out.Items, one)
		}
	}
	return out
}

// latencyAt is a server's latency at a rate; before its first point that of the first.
func latencyAt(points []capacity.Point, target int, rate float64) (float64, bool) {
	var before *capacity.Point
	for k := range points {
		p := &points[k]
		v := p.Cells[target].LatencyUS
		switch {
		case v == nil:
			continue
		case rate <= p.RatePS && before == nil:
			return *v, true
		case rate <= p.RatePS:
			from := *before.Cells[target].LatencyUS
			return from + (*v-from)*(rate-before.RatePS)/(p.RatePS-before.RatePS), true
		}
		before = p
	}
	if before != nil && rate <= before.RatePS*(1+1e-9) {
		return *before.Cells[target].LatencyUS, true
	}
	return 0, false
}
