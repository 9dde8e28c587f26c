package compare

import (
	"slices"
	"strings"
)

// curve is one target's course over time.
type curve struct {
	label  string
	values []float64
}

// curves draws the course of each target on a line of its own, all to one
// scale from 0, so that heights can be compared. words says what a lowest and
// a highest value are. Where a terminal is too narrow for bars, the words stay.
func (t *textWriter) curves(all []curve, words func(low, high float64) string) {
	all = slices.DeleteFunc(slices.Clone(all), func(c curve) bool { return len(c.values) == 0 })
	var high float64
	var names, scales int
	for i, c := range all {
		all[i].label = oneLine(c.label, t.width/3)
		high = max(high, slices.Max(c.values))
		names = max(names, textWidth(all[i].label))
		scales = max(scales, textWidth(words(slices.Min(c.values), slices.Max(c.values))))
	}
	room := t.width - len(margin) - names - len(" ") - len(gap) - scales
	for _, c := range all {
		label := c.label + strings.Repeat(" ", names-textWidth(c.label)+1)
		bars := spark(c.values, high, min(len(c.values), room, curvePoints))
		t.line(margin + label + bars + gap + words(slices.Min(c.values), slices.Max(c.values)))
	}
}
