package page

// What follows is for those who can draw and fold: HTML. Text, markdown and CSV
// leave these blocks out, for what they show stands in tables, curves or records too.

// Chart is series over one axis.
type Chart struct {
	Key    string   `json:"id"` // unique within its section
	Title  string   `json:"-"`
	Table  string   `json:"-"` // key of the Aside or Table with its figures; "": it gets one of its own
	X      Axis     `json:"x"`
	Y      Axis     `json:"y"`
	Fill   bool     `json:"fill,omitempty"`   // areas rather than lines
	Points bool     `json:"points,omitempty"` // each value is one of its own
	Gaps   bool     `json:"gaps,omitempty"`   // lines go on where there is no value
	Marks  []Mark   `json:"marks,omitempty"`
	Series []Series `json:"series"`
	// Print prints values of Y, all in one unit.
	Print func([]*float64) []string `json:"-"`
}

// Axis is one direction of a chart.
type Axis struct {
	Name   string    `json:"name,omitempty"`
	Unit   string    `json:"unit,omitempty"` // time, rate, bytes (1024), size (1000), share, cores, count, ratio; "": plain numbers
	Scale  Scale     `json:"scale,omitempty"`
	Zero   bool      `json:"zero,omitempty"`  // it begins at 0
	Each   bool      `json:"each,omitempty"`  // every place has its tick
	Names  []string  `json:"names,omitempty"` // of the places, where they are no numbers
	Values []float64 `json:"values,omitempty"`
}

// Scale is how values lie on an axis.
type Scale string

const (
	Linear      Scale = ""
	Log         Scale = "log"
	Whole       Scale = "whole"       // numbers of things, from 1
	Percentiles Scale = "percentiles" // −log10 of the share above: 0 is 0 %, 1 is 90 %, 4 is 99.99 %
)

// Mark is a place on X that has a name.
type Mark struct {
	At   float64 `json:"at"`
	Text string  `json:"text"`
}

// Series is one line; nil where there is no figure.
type Series struct {
	Label string     `json:"label"`
	Of    string     `json:"-"` // whose it is, which gives its colour
	Y     []*float64 `json:"y"`
	Low   []*float64 `json:"low,omitempty"` // interval of each figure
	High  []*float64 `json:"high,omitempty"`
	Steps []int      `json:"steps,omitempty"` // places where there is more than noise
}

// Bars are values side by side, drawn over each other from 0, all to one scale.
type Bars struct{ Groups []BarGroup }

// BarGroup is the bars under one title.
type BarGroup struct {
	Title string
	Bars  []Bar
}

// Bar is one bar, of its last and longest value; the others lie on it.
type Bar struct {
	Label, Of, Text string
	Values          []float64
}

// Aside is what is folded away until somebody asks for it.
type Aside struct {
	Key, Title string
	Long       bool // too long for paper
	Blocks     []Block
}

// Code is text as it is, line by line.
type Code struct {
	Text string
	Long bool // a window of its own, that scrolls
}

// Links are other files.
type Links struct {
	Title, Note string
	Items       []Link
}

// Link is another file. Address is relative to the page.
type Link struct{ Label, Address string }

func (Chart) isBlock() {}
func (Bars) isBlock()  {}
func (Aside) isBlock() {}
func (Code) isBlock()  {}
func (Links) isBlock() {}
