package profile

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"maps"
	"math"
	"slices"
)

// The flame graphs are drawn by d3-flame-graph on d3, both embedded: a page
// needs nothing from a network.
var (
	//go:embed assets/page.html
	pageText string
	//go:embed assets/d3.min.js
	d3Source string
	//go:embed assets/d3-flamegraph.umd.min.js
	flamegraphSource string
	//go:embed assets/page.js
	pageSource string

	page = template.Must(template.New("page").Parse(pageText))
)

// Graph is one target's flame graph.
type Graph struct {
	Name  string
	Part  string // what of the target it is of, such as a step; "": all. Differences are taken within it
	Tree  *Tree
	Notes []string
	// Answers is how many answers a tree of exact counts is of; 0: samples, which are
	// held against each other by their shares only.
	Answers int64
}

// Page is what a page of flame graphs shows: one of each target, and one of
// the difference of each to the first of its part, the baseline.
type Page struct {
	Title  string
	About  []string // sentences below the title
	Unit   string   // what a count of the trees is: "samples", "allocations"
	Graphs []Graph
}

// flame is a place in the page's data: shares of each tree's own total, in
// millionths, for trees of different length can be compared by shares only. Trees of
// exact counts have shares of the larger one's total: what is equal is equal there.
type flame struct {
	Name     string   `json:"n"`
	Value    uint64   `json:"v"`           // count
	Shares   []int64  `json:"s,omitempty"` // of the two trees of a difference, in millionths: baseline, candidate
	Children []*flame `json:"c,omitempty"`
}

// view is one graph of the page.
type view struct {
	Label string   `json:"label"`
	Diff  bool     `json:"diff"`
	Names []string `json:"names,omitempty"` // of a difference: baseline, candidate
	Notes []string `json:"notes"`
	// Each is, of exact counts, what all millionths are of one answer; 0: shares.
	Each float64 `json:"each,omitempty"`
	Root *flame  `json:"root"`

	gap float64 // of exact counts, per answer
}

// WritePage writes a page that opens offline in a browser.
func WritePage(w io.Writer, p Page) error {
	data := map[string]any{"unit": p.Unit, "views": views(p)}
	return page.Execute(w, map[string]any{
		"Title": p.Title, "About": p.About, "Data": data,
		"Libraries": []template.JS{template.JS(d3Source), template.JS(flamegraphSource), template.JS(pageSource)},
	})
}

func views(p Page) []view {
	var out []view
	first := map[string]Graph{}
	for _, g := range p.Graphs {
		if base, known := first[g.Part]; !known {
			first[g.Part] = g
		} else {
			out = append(out, difference(base, g))
		}
	}
	slices.SortStableFunc(out, func(a, b view) int { return cmp.Compare(b.gap, a.gap) }) // the page opens on the largest
	for _, g := range p.Graphs {
		out = append(out, view{Label: g.part() + g.Name, Notes: append([]string{}, g.Notes...), Root: single(g.Tree)})
	}
	return out
}

func (g Graph) part() string {
	if g.Part == "" {
		return ""
	}
	return g.Part + ": "
}

// visible is the share below which a place is left out: it would be narrower
// than a pixel on the widest screens, and pages would grow to many megabytes.
const visible = 0.0001

func single(t *Tree) *flame {
	return t.flame(&t.root, "all", uint64(visible*float64(t.Total())))
}

func (t *Tree) flame(n *node, name string, least uint64) *flame {
	out := &flame{Name: name, Value: n.total}
	for _, child := range t.sorted(n) {
		if child.total > least {
			out.Children = append(out.Children, t.flame(child, t.functions[child.function].name, least))
		}
	}
	return out
}

// million is the scale of shares.
const million = 1_000_000

// difference merges the trees of two graphs by the names of functions.
func difference(base, candidate Graph) view {
	v := view{Label: candidate.part() + candidate.Name + " against " + base.Name, Diff: true, Names: []string{base.Name, candidate.Name}, Notes: []string{}}
	a, b := float64(base.Tree.Total()), float64(candidate.Tree.Total())
	wholes := [2]float64{a, b}
	if n := base.Answers; n > 0 && n == candidate.Answers {
		all := max(a, b)
		wholes, v.Each, v.gap = [2]float64{all, all}, all/float64(n), math.Abs(b-a)/float64(n)
	}
	v.Root = merge("all", side{base.Tree, &base.Tree.root, wholes[0]}, side{candidate.Tree, &candidate.Tree.root, wholes[1]})
	return v
}

// side is a place of one tree; without a node where the tree has no such place.
type side struct {
	tree  *Tree
	node  *node
	whole float64 // what shares are of
}

func (s side) share() int64 {
	if s.node == nil || s.whole == 0 {
		return 0
	}
	return int64(float64(s.node.total) / s.whole * million)
}

// children lists the places below by name.
func (s side) children() map[string]*node {
	out := map[string]*node{}
	if s.node != nil {
		for child := range s.node.calls {
			out[s.tree.functions[child.function].name] = child
		}
	}
	return out
}

func merge(name string, base, candidate side) *flame {
	out := &flame{Name: name, Shares: []int64{base.share(), candidate.share()}}
	out.Value = uint64(out.Shares[1])
	left, right := base.children(), candidate.children()
	for _, child := range namesOf(left, right) {
		f := merge(child, side{base.tree, left[child], base.whole}, side{candidate.tree, right[child], candidate.whole})
		if max(f.Shares[0], f.Shares[1]) > visible*million {
			out.Children = append(out.Children, f)
		}
	}
	return out
}

// namesOf lists the names of two sets of places, sorted.
func namesOf(left, right map[string]*node) []string {
	both := maps.Clone(left)
	maps.Copy(both, right)
	return slices.Sorted(maps.Keys(both))
}
