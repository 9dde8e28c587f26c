package charts

import (
	"slices"

	"taskbench/compare"
	"taskbench/compare/micro"
	"taskbench/compare/profiles"
	"taskbench/compare/soak"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// part is the page of a kind with its charts: one section.
func part(key, name string, said page.Page, brief []page.Line, drawn []page.Block) page.Page {
	title := page.Heading{Key: key, Text: name, Short: name}
	var rest []page.Block
	for _, b := range said.Blocks {
		if h, ok := b.(page.Heading); ok && title.Under == "" {
			title.Under = h.Of
			continue
		}
		rest = append(rest, b)
	}
	p := page.Page{Headline: said.Headline, Summary: brief, Records: said.Records, Data: said.Data}
	p.Add(title)
	p.Add(slices.Concat(rest, drawn)...)
	return p
}

// Micro is the page of microbenchmarks, with what compiled them.
func Micro(c *micro.Comparison, docs []results.Document) page.Page {
	var lines []string
	for _, d := range docs {
		if d.Micro != nil && d.Micro.Toolchain != "" {
			lines = append(lines, d.Implementation+": compiled by "+d.Micro.Toolchain)
		}
	}
	toolchains := page.Lines{Mark: "!", Items: page.Sentences(lines)}
	return part("micro", "Microbenchmarks", words.Micro(c), words.MicroBrief(c), []page.Block{toolchains})
}

// Profile is the page of a profile, with links to its flame graphs.
func Profile(c *profiles.Profile, graphs []page.Link) page.Page {
	name := map[profiles.Kind]string{profiles.CPU: "CPU", profiles.Heap: "Heap"}[c.Kind]
	p := part(string(c.Kind), name, words.Profile(c), words.ProfileBrief(c), coresEachSecond(c))
	if len(graphs) > 0 {
		p.Blocks = slices.Insert(p.Blocks, 2, page.Block(links(graphs))) // below the title and the targets
	}
	return p
}

// coresEachSecond is what each server used, second by second.
func coresEachSecond(c *profiles.Profile) []page.Block {
	ch := newChart("cores", "Cores that the server kept busy", figure.Cores, "second", page.Whole)
	ch.Points, ch.Y.Zero = true, true
	for i, values := range c.Seconds {
		if len(values) > 0 {
			ch.Series = append(ch.Series, series(c.Targets[i].Label, pointers(values)))
		}
	}
	if ch = evened(ch); len(ch.X.Values) < 2 {
		return nil
	}
	return []page.Block{ch}
}

// Soak is the page of soaks, with a chart of every figure, window by window.
func Soak(c *soak.Comparison, _ []results.Document) page.Page {
	var drawn []page.Block
	for _, r := range c.Rows {
		ch := newChart(r.Figure.Key, r.Name+", window by window", r.Figure.Unit, "window", page.Whole)
		ch.Points = true
		for _, cell := range r.Cells {
			ch.Series = append(ch.Series, series(cell.Target, cell.EachWindow))
		}
		if ch = evened(ch); len(ch.X.Values) >= fewestPairs {
			drawn = append(drawn, ch)
		}
	}
	return part("soak", "Soak", words.Soak(c), words.SoakBrief(c), drawn)
}

// Ledger is the page of what answers cost, with links to its flame graphs.
func Ledger(c *compare.LedgerComparison, graphs []page.Link) page.Page {
	p := part("ledger", "Ledger", words.Ledger(c), words.LedgerBrief(c), nil)
	if len(graphs) > 0 {
		p.Blocks = slices.Insert(p.Blocks, 2, page.Block(links(graphs))) // below the title and the targets
	}
	return p
}

func links(graphs []page.Link) page.Links {
	return page.Links{Title: "Flame graphs", Items: graphs, Note: "a file of its own beside the results"}
}
