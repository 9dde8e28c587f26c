package page

import (
	"slices"
	"strings"

	"taskbench/internal/plain"
)

// group is columns that stand under a name of their own.
type group struct {
	name        string
	first, last int // of its columns
}

// groups are those of a form, from left to right.
func (f Form) groups() []group {
	var list []group
	for i, c := range f.Columns {
		switch {
		case c.Group == "":
		case i > 0 && f.Columns[i-1].Group == c.Group:
			list[len(list)-1].last = i
		default:
			list = append(list, group{c.Group, i, i})
		}
	}
	return list
}

// room is how wide a group's columns are together.
func (f Form) room(widths []int, g group) int {
	total := widths[g.first]
	for i := g.first + 1; i <= g.last; i++ {
		total += len(f.before(i)) + widths[i]
	}
	return total
}

// groupLine has the groups' names over the middle of their columns; "" without any.
func (f Form) groupLine(widths []int) string {
	line, at := "", 0
	for _, g := range f.groups() {
		for ; at < g.first; at++ {
			line += f.before(at) + strings.Repeat(" ", widths[at])
		}
		room, name := f.room(widths, g), plain.Fit(g.name, f.room(widths, g))
		left := (room - plain.Width(name)) / 2
		line += f.before(at) + strings.Repeat(" ", left) + name + strings.Repeat(" ", room-left-plain.Width(name))
		at = g.last + 1
	}
	return line
}

// beside is a text in a column: figures to the right, words to the left.
func beside(text string, width int, words bool) string {
	space := strings.Repeat(" ", max(width-plain.Width(text), 0))
	if words {
		return text + space
	}
	return space + text
}

// named has the names of columns cut to what they may take.
func (f Form) named() Form {
	if !slices.ContainsFunc(f.Columns, func(c Column) bool { return c.Fit > 0 }) {
		return f
	}
	names, width := make([]string, len(f.Columns)), 0
	for i, c := range f.Columns {
		names[i], width = c.Name, max(width, c.Fit)
		names = append(names, c.Among...)
	}
	f.Columns = slices.Clone(f.Columns)
	for i, name := range cutNames(names, width)[:len(f.Columns)] {
		if f.Columns[i].Fit > 0 {
			f.Columns[i].Name = name
		}
	}
	return f
}

// signed has signs before the texts that they belong to.
func (f Form) signed() Form {
	return f.withSigns(func(_ int, c Cell) string { return c.Mark + " " + c.Text })
}

// aligned has signs at the left of their columns, texts at the right.
func (f Form) aligned() Form {
	marks, texts := make([]int, len(f.Columns)), make([]int, len(f.Columns))
	for _, r := range f.Rows {
		for i, c := range r.Cells {
			if c.Mark != "" {
				marks[i], texts[i] = max(marks[i], plain.Width(c.Mark)), max(texts[i], plain.Width(c.Text))
			}
		}
	}
	return f.withSigns(func(i int, c Cell) string {
		return beside(c.Mark, marks[i], true) + " " + beside(c.Text, texts[i], false)
	})
}

func (f Form) withSigns(text func(column int, c Cell) string) Form {
	out := f
	out.Rows = slices.Clone(f.Rows)
	for n, r := range f.Rows {
		out.Rows[n].Cells = slices.Clone(r.Cells)
		for i, c := range r.Cells {
			if c.Mark != "" {
				out.Rows[n].Cells[i].Text, out.Rows[n].Cells[i].Mark = text(i, c), ""
			}
		}
	}
	return out
}
