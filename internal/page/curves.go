package page

import (
	"slices"
	"strings"

	"taskbench/internal/plain"
)

// curvePoints is how wide a curve is at most.
const curvePoints = 48

// curves draws each course on a line of its own. Where a terminal is too narrow
// for bars, the words stay.
func (t *terminal) curves(c Curves) {
	items := slices.DeleteFunc(slices.Clone(c.Items), func(one Curve) bool { return len(one.Values) == 0 })
	if c.Inline {
		if l := t.inline(c, items); l != "" {
			t.line(margin + t.paint.as(Faint, l))
		}
		return
	}
	if c.Title != "" && len(items) > 0 {
		t.wrapped(margin, plain.Clean(c.Title)+":")
	}
	var high float64
	var names, ranges int
	for i, one := range items {
		items[i].Label = plain.OneLine(one.Label, t.width/3)
		high = max(high, slices.Max(one.Values))
		names = max(names, plain.Width(items[i].Label))
		ranges = max(ranges, plain.Width(one.Range))
	}
	room := t.width - len(margin) - names - len(" ") - len(gap) - ranges
	for _, one := range items {
		label := one.Label + strings.Repeat(" ", names-plain.Width(one.Label)+1)
		t.line(margin + label + Spark(one.Values, high, min(len(one.Values), room, curvePoints)) + gap + one.Range)
	}
}

const (
	leastSparks = 8  // columns of bars that show something
	mostSparks  = 40 // more show no more
)

// inline draws all courses on one line; "" where there is nothing to see, or no room.
func (t *terminal) inline(c Curves, items []Curve) string {
	high, names, longest := 0.0, 0, 0
	for _, one := range items {
		high, longest = max(high, slices.Max(one.Values)), max(longest, len(one.Values))
		names += plain.Width(plain.Clean(one.Label)) + len(" ") + len(gap)
	}
	if high == 0 {
		return ""
	}
	room := t.width - len(margin) - plain.Width(c.Title) - len(gap) - names - plain.Width(c.Scale)
	columns := min(room/len(items), mostSparks, longest)
	if columns < min(leastSparks, longest) {
		return ""
	}
	line := c.Title + gap
	for _, one := range items {
		line += plain.Clean(one.Label) + " " + Spark(one.Values, high, columns) + gap
	}
	return line + c.Scale
}
