package charts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"taskbench/compare/lineup"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// Measured is what documents of one kind hold of how they were measured.
type Measured struct {
	Kind string // "load test"
	Docs []results.Document
}

// How is the page on how everything was measured. What is the same for all is
// said once; what is the same within a kind, once of that; the rest of each target.
func How(parts []Measured) page.Page {
	var p page.Page
	title := "How it was measured"
	p.Add(page.Heading{Key: "measured", Text: title, Short: title})
	everywhere := page.Form{Columns: []page.Column{{Words: true}, {Name: "the same for all", Words: true}}}
	kinds := make([]page.Form, len(parts))
	for i, part := range parts {
		kinds[i].Columns = []page.Column{{Name: part.Kind, Words: true}}
		for _, d := range part.Docs {
			kinds[i].Columns = append(kinds[i].Columns, page.Column{Name: label(d, part.Docs), Words: true})
		}
	}
	for _, fact := range factsOf {
		if text, same := shared(parts, fact.of); same {
			everywhere.Rows = append(everywhere.Rows, factRow(fact.name, text))
			continue
		}
		for i, part := range parts {
			if texts, any := textsOf(part.Docs, fact.of); any {
				kinds[i].Rows = append(kinds[i].Rows, factRow(fact.name, texts...))
			}
		}
	}
	for _, f := range append([]page.Form{everywhere}, kinds...) {
		if len(f.Rows) > 0 {
			p.Add(page.Table{Bare: true, Forms: []page.Form{f}})
		}
	}
	return p
}

// label names a document among others of its kind.
func label(d results.Document, among []results.Document) string {
	for _, other := range among {
		if other.Implementation == d.Implementation && other.Session != d.Session {
			return d.Implementation + ", " + d.Created.Format(minute)
		}
	}
	return d.Implementation
}

// shared is a fact that is the same for all documents; not so where none has it.
func shared(parts []Measured, of func(results.Document) string) (text string, same bool) {
	for _, part := range parts {
		for _, d := range part.Docs {
			if text == "" {
				text = of(d)
			}
			if text == "" || of(d) != text {
				return "", false
			}
		}
	}
	return text, text != ""
}

// textsOf are a fact's texts, one where all are the same.
func textsOf(docs []results.Document, of func(results.Document) string) (texts []string, any bool) {
	for _, d := range docs {
		texts = append(texts, of(d))
		any = any || of(d) != ""
	}
	if len(slices.Compact(slices.Clone(texts))) == 1 {
		texts = texts[:1]
	}
	return texts, any
}

func factRow(name string, texts ...string) page.Row {
	r := page.Row{Cells: []page.Cell{{Text: name}}}
	for _, text := range texts {
		r.Cells = append(r.Cells, page.Cell{Text: text})
	}
	return r
}

var factsOf = []struct {
	name string
	of   func(results.Document) string
}{
	{"reference server", func(d results.Document) string { return d.Reference }},
	{"session", func(d results.Document) string { return d.Session }},
	{"measured", func(d results.Document) string { return d.Created.Format("2006-01-02 15:04:05 MST") }},
	{"address", func(d results.Document) string { return d.Target.URL }},
	{"started by", func(d results.Document) string { return d.Target.Start }},
	{"folder", func(d results.Document) string { return d.Target.Dir }},
	{"commit", commit},
	{"executable", executable},
	{"measured together", func(d results.Document) string { return strings.Join(d.Plan.Targets, ", ") }},
	{"pairs", func(d results.Document) string { return number(d.Plan.Pairs) }},
	{"seed", func(d results.Document) string { return strconv.FormatInt(d.Plan.Seed, 10) }},
	{"stopping rule", func(d results.Document) string { return rule(d.Plan.Rule) }},
	{"reset before every trial", func(d results.Document) string { return d.Plan.Reset }},
	{"cores of the server", func(d results.Document) string { return cores(d.Plan.ServerCPUs) }},
	{"cores of the generator", func(d results.Document) string { return cores(d.Plan.GeneratorCPUs) }},
	{"load sent by", func(d results.Document) string { return d.Sender().Known() }},
	{"hosts", func(d results.Document) string { return hosts(d.Environment) }},
	{"processor", func(d results.Document) string { return d.Environment.CPUModel }},
	{"cores", func(d results.Document) string { return number(d.Environment.Cores) }},
	{"memory", memorySize},
	{"system", func(d results.Document) string { return d.Environment.OS }},
	{"kernel", func(d results.Document) string { return d.Environment.Kernel }},
	{"governor", func(d results.Document) string { return d.Environment.Governor }},
	{"turbo", func(d results.Document) string { return d.Environment.Turbo }},
	{"load average before", func(d results.Document) string {
		return strconv.FormatFloat(d.Environment.LoadBefore, 'g', -1, 64)
	}},
	{"wrk", func(d results.Document) string { return d.Environment.WrkVersion }},
	{"taskbench", func(d results.Document) string { return d.Environment.TaskbenchVersion }},
	{"not measurable here", func(d results.Document) string { return strings.Join(d.Environment.Notes, "; ") }},
}

// hosts are those that sent the load, with what each said of itself and how they differ.
func hosts(env results.Environment) string {
	var list []string
	for _, h := range env.Hosts {
		list = append(list, h.Name+": "+lineup.HostFacts(h))
	}
	return strings.Join(append(list, env.HostNotes...), "; ")
}

func commit(d results.Document) string {
	if d.Target.GitDirty {
		return d.Target.GitCommit + ", with changes that are not committed"
	}
	return d.Target.GitCommit
}

func executable(d results.Document) string {
	if d.Target.ExecutableSHA256 == "" {
		return ""
	}
	return fmt.Sprintf("%d bytes, SHA-256 %s", d.Target.ExecutableBytes, d.Target.ExecutableSHA256)
}

func memorySize(d results.Document) string {
	if d.Environment.MemoryBytes == 0 {
		return ""
	}
	bytes := float64(d.Environment.MemoryBytes)
	return figure.Resident.Texts([]*float64{&bytes})[0]
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func cores(list []int) string {
	if len(list) == 0 {
		return ""
	}
	return strings.Trim(fmt.Sprint(list), "[]")
}

// rule is "fixed: verdicts at 5 pairs, none from fewer than 5; parity within 5 %".
func rule(r *results.Rule) string {
	if r == nil {
		return ""
	}
	var looks []string
	for _, l := range r.Looks {
		looks = append(looks, strconv.Itoa(l.Pairs))
	}
	text := r.Kind
	if len(looks) > 0 {
		text += ": verdicts at " + strings.Join(looks, ", ") + " pairs, none from fewer than " + strconv.Itoa(r.MinPairs)
	}
	return text + "; parity within " + strconv.FormatFloat(100*r.Margin, 'g', 4, 64) + " %"
}

// inOrder gives the document of each target, in the targets' order; an empty
// one where there is none.
func inOrder(targets []lineup.Target, docs []results.Document) []results.Document {
	list := make([]results.Document, len(targets))
	for i, t := range targets {
		for _, d := range docs {
			if d.Implementation == t.Implementation && d.Session == t.Session {
				list[i] = d
				break
			}
		}
	}
	return list
}
