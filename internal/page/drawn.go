package page

// What follows is for those who can draw and fold: HTML. Text, markdown and CSV
// leave these blocks out, for what they show stands in tables, curves or records too.

// Chart is series over one axis: small, to stand beside others of its kind.
type Chart struct {
	Key    string // unique within its section
	Title  string
	Table  string // key of the Aside with its figures; "": they get one of their own
	X, Y   Axis
	Fill   bool    // areas rather than lines
	Points bool    // each value is one of its own
	Gaps   bool    // lines go on where there is no value
	Line   float64 // a value of Y that is drawn across, as ratios have 1; 0: none
	Marks  []Mark
	Series []Series
}

// Axis is one direction of a chart.
type Axis struct {
	Name   string
	Scale  Scale
	Zero   bool     // it begins at 0
	Each   bool     // every place has its tick
	Names  []string // of the places, where they are no numbers
	Values []float64
	// Print prints values, all in one unit; nil: they are plain numbers.
	Print func([]*float64) []string
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
	At   float64
	Text string
}

// Series is one line; nil where there is no figure.
type Series struct {
	Label     string
	Of        string // whose it is, which gives its colour
	Y         []*float64
	Low, High []*float64 // interval of each figure; nil: none has one
	Steps     []int      // places where there is more than noise
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
func (Aside) isBlock() {}
func (Code) isBlock()  {}
func (Links) isBlock() {}
