package report

import (
	"strings"

	"taskbench/compare"
	"taskbench/results"
)

// section is what was measured beside load tests: one kind of it.
type section struct {
	ID, Name   string
	Headline   string // of the page, where no load test gives it
	Conditions string // "projects, 50 connections, 10s"
	Targets    []string
	Swatches   []int
	Brief      []string // what the summary says of it
	Verdicts   []verdict
	Table      *table
	Footnotes  []string
	Charts     []chart
	Figures    *figureTable
	Cores      *figureTable // of a CPU profile, core by core
	Hot        *figureTable
	Pages      []Link
	Notes      []string
	Facts      factTable
	References bool
}

// verdict is a sentence; Miss says that it is a bad one.
type verdict struct {
	Text string
	Miss bool
}

// figureTable is a table of printed cells beside the values they were printed from.
type figureTable struct {
	Name   string
	Header []string
	Rows   []figureRow
}

type figureRow struct {
	Label string
	Cells []figureCell
}

type figureCell struct {
	Text   string
	Target string // "" for what is between targets
	Value  *float64
}

func newSections(m Material, colours palette) []section {
	var list []section
	if c := m.Micro.Comparison; c != nil {
		list = append(list, microSection(c, m.Micro.Documents).on(c.Targets, m.Micro.Documents, colours))
	}
	if c := m.Memory.Comparison; c != nil {
		list = append(list, memorySection(c, m.Memory.Documents, colours).on(c.Targets, m.Memory.Documents, colours))
	}
	if p := m.CPU.Comparison; p != nil {
		s := profileSection("cpu", "CPU", p)
		s.Pages, s.Charts = m.CPUPages, coreCharts(p, inOrder(p.Targets, m.CPU.Documents), colours)
		list = append(list, s.on(p.Targets, m.CPU.Documents, colours))
	}
	if p := m.Heap.Comparison; p != nil {
		s := profileSection("heap", "Heap", p)
		s.Pages = m.HeapPages
		list = append(list, s.on(p.Targets, m.Heap.Documents, colours))
	}
	return list
}

// on adds who was measured, and how.
func (s section) on(targets []compare.Target, docs []results.Document, colours palette) section {
	for _, t := range targets {
		s.Swatches = append(s.Swatches, colours.of(t.Label))
	}
	s.Facts = facts(targets, inOrder(targets, docs))
	s.References = references(targets)
	return s
}

// afterKind is a title without the kind that it begins with: the heading says it.
func afterKind(title string) string {
	_, rest, _ := strings.Cut(title, ": ")
	return rest
}

// missMark is how compare's sentences mark an expectation that was missed.
const missMark = "✗"

func verdicts(sentences []string) []verdict {
	var list []verdict
	for _, s := range sentences {
		list = append(list, verdict{s, strings.Contains(s, missMark)})
	}
	return list
}
