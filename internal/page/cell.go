package page

import "slices"

// Mood is a meaning that colour may underline; the words say it too.
type Mood string

const (
	Usual  Mood = ""
	Good   Mood = "good"
	Bad    Mood = "bad"
	Faint  Mood = "faint" // undecided, or of no meaning
	Strong Mood = "strong"
)

// Cell is one cell of a table.
type Cell struct {
	Text  string
	Mark  string // a sign before the text; signs of a column stand below each other
	Mood  Mood
	Notes []string // footnotes, printed once below the table
	// Value is what Text was printed from, and Low to High its interval; nil
	// where it is words.
	Value, Low, High *float64
	Of               string   // whose value it is
	From             []Cell   // the figures that it was made of, where it is drawn
	Drawn            string   // the sign of its place in a plot, where it has no Mark
	Link             string   // the section that it leads to, where it is drawn
	Share            *float64 // 0 … 1: drawn as a bar before the text
}

// Table is rows of cells under named columns, in several forms from the richest
// to the barest: a terminal gets the first that fits, everybody else the usual one.
type Table struct {
	Forms []Form
	Usual int // the form of those who have no width to fit it to: everybody but a terminal
	// Apart are tables that stand for this one where none of its forms fits.
	Apart []Table
	Title string // stands above it, where it is drawn
	Key   string // what programs know it by, where it is drawn
	// Anchor is what charts name as the table with their figures.
	Anchor string
	Bare   bool // plain figures to look up, drawn small
	Leads  bool // it is what a reader came for: drawn so that it is seen whole
	// Below puts the last columns below each row where the terminal is too narrow
	// for them, so that nothing is lost.
	Below bool
}

// Form is one way to lay out a table.
type Form struct {
	Columns []Column
	Rows    []Row
	// Band is how far from 1 a ratio may be and mean nothing, as a fraction.
	Band float64
}

// Column is one column.
type Column struct {
	Name string
	// Group is what columns side by side have in common: it stands above their
	// names, and the groups a little apart.
	Group string
	Words bool // it stands left, as words do
	// Ratios are values around 1, for those who draw them beside their texts.
	// Changes are such values that are read as a change in percent.
	Ratios, Changes bool
	Note            string // what else there is to say of its name, where it is drawn
	// Least and Most are how many terminal columns it may be cut to, and may take;
	// 0: no limit.
	Least, Most int
	// Fit is how many terminal columns its name may take, 0: no limit. Names that
	// differ stay different, from those in Among too, which stand elsewhere.
	Fit   int
	Among []string
}

// Row is one row; of a title only the first cell counts. Key is what programs
// know the row by. Where it has fewer cells than there are columns, its last
// stands for the rest; only what is drawn has such rows.
type Row struct {
	Key   string
	Cells []Cell
	Title bool
}

// Simple is a table of one form.
func Simple(f Form) Table { return Table{Forms: []Form{f}} }

// AddTitle starts a part of the table.
func (f *Form) AddTitle(text string) {
	cells := make([]Cell, len(f.Columns))
	cells[0] = Cell{Text: text, Mood: Strong}
	f.Rows = append(f.Rows, Row{Cells: cells, Title: true})
}

// notes numbers footnotes in the order in which they are first met.
type notes struct{ reasons []string }

// marks are the superscripts of some reasons.
func (n *notes) marks(reasons []string) string {
	text := ""
	for _, r := range reasons {
		if r == "" {
			continue
		}
		at := slices.Index(n.reasons, r)
		if at < 0 {
			at = len(n.reasons)
			n.reasons = append(n.reasons, r)
		}
		text += superscript(at + 1)
	}
	return text
}

// Marked is a form whose signs and footnotes stand in its texts, and the notes.
func (f Form) Marked() (Form, []string) {
	var n notes
	marked := f.marked(&n).signed()
	for i, r := range n.reasons {
		n.reasons[i] = superscript(i+1) + " " + r
	}
	return marked, n.reasons
}

func (f Form) marked(n *notes) Form {
	out := Form{Columns: f.Columns, Rows: make([]Row, len(f.Rows)), Band: f.Band}
	for i, r := range f.Rows {
		cells := slices.Clone(r.Cells)
		for k := range cells {
			cells[k].Text = tidy(cells[k].Text) + n.marks(cells[k].Notes)
			cells[k].Notes = nil
		}
		out.Rows[i] = Row{Key: r.Key, Cells: cells, Title: r.Title}
	}
	return out
}
