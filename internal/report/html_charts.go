package report

import (
	"fmt"
	"math"
	"slices"

	"taskbench/compare"
	"taskbench/internal/figure"
	"taskbench/results"
)

// chart is one drawing by assets/report.js, and its JSON.
type chart struct {
	ID     string    `json:"id"`
	Title  string    `json:"-"`
	Table  string    `json:"-"`    // id of the table with its figures
	Kind   string    `json:"kind"` // percentiles, density, pairs, seconds, sweep, course, history
	Unit   string    `json:"unit"` // of y: time, rate, bytes (1024), size (1000), share, cores, count, ratio
	X      []float64 `json:"x"`
	Names  []string  `json:"names,omitempty"` // of the places on x, where they are no numbers
	Marks  []moment  `json:"marks,omitempty"`
	Series []series  `json:"series"`
}

// moment is a place on x that has a name.
type moment struct {
	At   float64 `json:"at"`
	Text string  `json:"text"`
}

// series is one line; null where there is no figure.
type series struct {
	Label  string     `json:"label"`
	Target int        `json:"target"` // gives the colour
	Y      []*float64 `json:"y"`
	Low    []*float64 `json:"low,omitempty"` // interval of each figure
	High   []*float64 `json:"high,omitempty"`
	Steps  []int      `json:"steps,omitempty"` // places on x where there is more than noise
}

// fewestPairs make a course.
const fewestPairs = 2

func pairCharts(id string, s compare.Scenario, shown []int) []chart {
	var list []chart
	for _, f := range figure.Load {
		r, ok := s.Row(f)
		if !ok || f.Course == "" || longest(r, shown) < fewestPairs {
			continue
		}
		ch := chart{ID: id + "-" + f.Key, Title: f.Course, Table: id + "-pairs", Kind: "pairs", Unit: f.Unit.Axis,
			X: numbers(pairNumbers(s, longest(r, shown)))}
		for _, i := range shown {
			ch.Series = append(ch.Series, series{Label: r.Cells[i].Target, Target: i, Y: padded(r.Cells[i].EachPair, len(ch.X))})
		}
		list = append(list, ch)
	}
	return list
}

// coresChart is how many cores each server kept busy, pair by pair.
func coresChart(id string, s compare.Scenario, shown []int, docs []results.Document) []chart {
	ch := chart{ID: id + "-cores", Title: "Cores that the server kept busy, pair by pair", Table: id + "-cores-table", Kind: "pairs", Unit: "cores", X: numbers(s.Pairs)}
	known := false
	for _, i := range shown {
		line := series{Label: s.Sides[i].Target, Target: i, Y: make([]*float64, len(s.Pairs))}
		for _, t := range counted(docs[i], s) {
			if at := slices.Index(s.Pairs, t.Pair); at >= 0 && t.Resources != nil {
				line.Y[at] = t.Resources.ServerCores
				known = known || line.Y[at] != nil
			}
		}
		ch.Series = append(ch.Series, line)
	}
	if !known || len(ch.X) < fewestPairs {
		return nil
	}
	return []chart{ch}
}

// OwnTable reports whether the chart's table is of nothing else.
func (c chart) OwnTable() bool { return c.Table == c.ID+"-table" }

func longest(r compare.Row, shown []int) int {
	n := 0
	for _, i := range shown {
		n = max(n, len(r.Cells[i].EachPair))
	}
	return n
}

// pairNumbers are those of the counted pairs, or 1 to n where trials have no
// counterpart.
func pairNumbers(s compare.Scenario, n int) []int {
	if len(s.Pairs) == n {
		return s.Pairs
	}
	list := make([]int, n)
	for i := range list {
		list[i] = i + 1
	}
	return list
}

func numbers(list []int) []float64 {
	x := make([]float64, len(list))
	for i, n := range list {
		x[i] = float64(n)
	}
	return x
}

func padded(values []*float64, n int) []*float64 {
	return append(values[:len(values):len(values)], make([]*float64, n-len(values))...)
}

// fewestSeconds of a window show a course.
const fewestSeconds = 3

// secondsChart is the mean course of throughput within the window.
func secondsChart(id string, s compare.Scenario, shown []int, docs []results.Document) []chart {
	ch := chart{ID: id + "-seconds", Title: "Throughput within the window, mean over the pairs", Table: id + "-seconds-table", Kind: "seconds", Unit: "rate"}
	for _, i := range shown {
		y := meanSeconds(counted(docs[i], s))
		ch.Series = append(ch.Series, series{Label: s.Sides[i].Target, Target: i, Y: y})
		for n := len(ch.X) + 1; n <= len(y); n++ {
			ch.X = append(ch.X, float64(n))
		}
	}
	if len(ch.X) < fewestSeconds {
		return nil
	}
	for k := range ch.Series {
		ch.Series[k].Y = padded(ch.Series[k].Y, len(ch.X))
	}
	return []chart{ch}
}

// meanSeconds is the mean of each whole second that all trials have.
func meanSeconds(trials []results.Trial) []*float64 {
	n := math.MaxInt
	for _, t := range trials {
		n = min(n, len(t.GoodPerS), int(math.Max(t.WindowS, 0)))
	}
	if len(trials) == 0 {
		return nil
	}
	y := make([]*float64, n)
	for k := range y {
		sum := 0.0
		for _, t := range trials {
			sum += float64(t.GoodPerS[k])
		}
		sum /= float64(len(trials))
		y[k] = &sum
	}
	return y
}

// Printed are the chart's figures as a table for those who do not see it.
func (c chart) Printed() valueTable {
	t := valueTable{}
	for i, x := range c.X {
		values := make([]*float64, len(c.Series))
		for k, s := range c.Series {
			values[k] = s.Y[i]
		}
		t.Rows = append(t.Rows, valueRow{fmt.Sprint(x), c.printed(values)})
	}
	for _, s := range c.Series {
		t.Header = append(t.Header, s.Label)
	}
	return t
}

// printed are values of the chart in words.
func (c chart) printed(values []*float64) []string {
	for _, u := range []figure.Unit{figure.Bytes, figure.Cores, figure.Time, figure.Fraction, figure.Things} {
		if u.Axis == c.Unit {
			return u.Texts(values)
		}
	}
	return figure.Rate.Texts(values)
}

// valueTable is a plain table of printed figures.
type valueTable struct {
	Header []string
	Rows   []valueRow
}

type valueRow struct {
	Label string
	Cells []string
}

// pairTable holds every pair's figures.
type pairTable struct {
	valueTable
	ID   string
	Long bool // too long to print
}

// longTable is about three pages.
const longTable = 100

func newPairTable(id string, s compare.Scenario, shown []int) *pairTable {
	t := &pairTable{ID: id + "-pairs"}
	n := 0
	var columns [][]string
	for _, f := range figure.Load {
		r, ok := s.Row(f)
		if !ok || f.Course == "" {
			continue
		}
		n = max(n, longest(r, shown))
		for _, i := range shown {
			t.Header = append(t.Header, f.Name+" "+r.Cells[i].Target)
			columns = append(columns, f.Texts(r.Cells[i].EachPair))
		}
	}
	for k, number := range pairNumbers(s, n) {
		r := valueRow{Label: fmt.Sprint(number)}
		for _, column := range columns {
			if k < len(column) {
				r.Cells = append(r.Cells, column[k])
			} else {
				r.Cells = append(r.Cells, "–")
			}
		}
		t.Rows = append(t.Rows, r)
	}
	t.Long = n > longTable
	if n == 0 {
		return nil
	}
	return t
}
