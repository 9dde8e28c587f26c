package charts

import (
	"fmt"
	"math"
	"slices"

	"taskbench/compare"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// fewestPairs make a course.
const fewestPairs = 2

// pairsTable has the figures of the charts of pairs.
const pairsTable = "pairs"

// courses are charts over time, and the figures behind them: of every figure pair
// by pair, of the cores that servers kept busy, and of the seconds of the window.
func courses(s compare.Scenario, shown []int, docs []results.Document) (drawn, tables []page.Block) {
	for _, f := range figure.Load {
		r, ok := s.Row(f)
		if !ok || f.Course == "" || longest(r, shown) < fewestPairs {
			continue
		}
		ch := newChart(f.Key, f.Course, f.Unit, "pair", page.Whole)
		ch.Table, ch.Points, ch.X.Values = pairsTable, true, numbers(pairNumbers(s, longest(r, shown)))
		for _, i := range shown {
			ch.Series = append(ch.Series, series(r.Cells[i].Target, r.Cells[i].EachPair))
		}
		drawn = append(drawn, evened(ch))
	}
	return slices.Concat(drawn, coresChart(s, shown, docs), secondsChart(s, shown, docs)), pairTable(s, shown)
}

// coresChart is how many cores each server kept busy, pair by pair.
func coresChart(s compare.Scenario, shown []int, docs []results.Document) []page.Block {
	ch := newChart("cores", "Cores that the server kept busy, pair by pair", figure.Cores, "pair", page.Whole)
	ch.Points, ch.X.Values = true, numbers(s.Pairs)
	known := false
	for _, i := range shown {
		y := make([]*float64, len(s.Pairs))
		for _, t := range counted(docs[i], s) {
			if at := slices.Index(s.Pairs, t.Pair); at >= 0 && t.Resources != nil {
				y[at] = t.Resources.ServerCores
				known = known || y[at] != nil
			}
		}
		ch.Series = append(ch.Series, series(s.Sides[i].Target, y))
	}
	if !known || len(ch.X.Values) < fewestPairs {
		return nil
	}
	return []page.Block{ch}
}

func longest(r verdict.Row, shown []int) int {
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

// fewestSeconds of a window show a course.
const fewestSeconds = 3

// secondsChart is the mean course of throughput within the window.
func secondsChart(s compare.Scenario, shown []int, docs []results.Document) []page.Block {
	ch := newChart("seconds", "Throughput within the window, mean over the pairs", figure.Rate, "second", page.Whole)
	ch.Points, ch.Y.Zero = true, true
	for _, i := range shown {
		ch.Series = append(ch.Series, series(s.Sides[i].Target, meanSeconds(counted(docs[i], s))))
	}
	if ch = evened(ch); len(ch.X.Values) < fewestSeconds {
		return nil
	}
	return []page.Block{ch}
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

// pairTable holds every pair's figures.
func pairTable(s compare.Scenario, shown []int) []page.Block {
	n := 0
	var header []string
	var columns [][]string
	for _, f := range figure.Load {
		r, ok := s.Row(f)
		if !ok || f.Course == "" {
			continue
		}
		n = max(n, longest(r, shown))
		for _, i := range shown {
			header, columns = append(header, f.Name+" "+r.Cells[i].Target), append(columns, f.Texts(r.Cells[i].EachPair))
		}
	}
	if n == 0 {
		return nil
	}
	var rows [][]string
	for k, number := range pairNumbers(s, n) {
		line := []string{fmt.Sprint(number)}
		for _, column := range columns {
			if k < len(column) {
				line = append(line, column[k])
			} else {
				line = append(line, figure.None)
			}
		}
		rows = append(rows, line)
	}
	return []page.Block{page.Aside{Key: pairsTable, Title: "Every pair's figures", Long: true, Blocks: []page.Block{bare(header, rows)}}}
}
