package report

import (
	"strings"

	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/internal/plain"
	"taskbench/results"
)

// section is what was measured beside load tests: one kind of it.
type section struct {
	ID, Name   string
	Headline   string // of the document, where no load test gives it
	Conditions string // "projects, 50 connections, 10s"
	Targets    []string
	Swatches   []int
	Brief      []item // what the summary says of it
	Blocks     []block
	Charts     []chart
	Pages      []Link
	Facts      factTable
	References bool
}

func newSections(m Material, colours palette) []section {
	var list []section
	add := func(id, name string, said page.Page, brief []page.Line, targets []compare.Target, docs []results.Document) *section {
		s := newSection(id, name, said, targets)
		for _, l := range brief {
			s.Brief = append(s.Brief, newItem(l))
		}
		for _, t := range targets {
			s.Swatches = append(s.Swatches, colours.of(t.Label))
		}
		s.Facts, s.References = facts(targets, inOrder(targets, docs)), references(targets)
		list = append(list, s)
		return &list[len(list)-1]
	}
	if c := m.Micro.Comparison; c != nil {
		s := add("micro", "Microbenchmarks", words.Micro(c), words.MicroBrief(c), c.Targets, m.Micro.Documents)
		s.Blocks = append(s.Blocks, toolchains(m.Micro.Documents)...)
	}
	if c := m.Memory.Comparison; c != nil {
		s := add("memory", "Memory", words.Memory(c), words.MemoryBrief(c), c.Targets, m.Memory.Documents)
		s.Charts = memoryCharts(c, inOrder(c.Targets, m.Memory.Documents), colours)
	}
	if c := m.CPU.Comparison; c != nil {
		s := add("cpu", "CPU", words.Profile(c), words.ProfileBrief(c), c.Targets, m.CPU.Documents)
		s.Pages, s.Charts = m.CPUPages, coreCharts(c, inOrder(c.Targets, m.CPU.Documents), colours)
	}
	if c := m.Heap.Comparison; c != nil {
		s := add("heap", "Heap", words.Profile(c), words.ProfileBrief(c), c.Targets, m.Heap.Documents)
		s.Pages = m.HeapPages
	}
	if c := m.Soak.Comparison; c != nil {
		s := add("soak", "Soak", words.Soak(c), words.SoakBrief(c), c.Targets, m.Soak.Documents)
		s.Charts = soakCharts(c, colours)
	}
	return list
}

// newSection lays a page out as one part of the document.
func newSection(id, name string, said page.Page, targets []compare.Target) section {
	s := section{ID: id, Name: name, Headline: plain.Clean(said.Headline), Targets: texts(words.Targets(targets))}
	rest := said.Blocks[1:] // the first are the targets, who stand above
	for _, b := range rest {
		if h, ok := b.(page.Heading); ok && s.Conditions == "" {
			s.Conditions = afterKind(plain.Clean(h.Text))
		}
	}
	s.Blocks = blocks(name, rest)
	return s
}

// afterKind is a title without the kind that it begins with: the heading says it.
func afterKind(title string) string {
	if _, rest, found := strings.Cut(title, ": "); found {
		return rest
	}
	return title
}

// toolchains are what the benchmarks were compiled with.
func toolchains(docs []results.Document) []block {
	var lines []page.Line
	for _, d := range docs {
		if d.Micro != nil && d.Micro.Toolchain != "" {
			lines = append(lines, page.Line{Text: d.Implementation + ": compiled by " + d.Micro.Toolchain})
		}
	}
	return blocks("", []page.Block{page.Lines{Mark: "!", Items: lines}})
}
