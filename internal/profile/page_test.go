package profile

import "testing"

// Of exact counts what costs the same is the same, whatever else one side does, and
// the page opens on the part that differs most. Of samples only shares are known.
func TestDifferencesOfCounts(t *testing.T) {
	t.Parallel()
	tree := func(work uint64) *Tree {
		made := NewTree()
		made.Add(sample("main", "same"), 1000)
		made.Add(sample("main", "work"), work)
		return made
	}
	graphs := func(answers int64) Page {
		return Page{Graphs: []Graph{
			{Name: "rust", Part: "list", Tree: tree(1000), Answers: answers}, {Name: "wj", Part: "list", Tree: tree(1000), Answers: answers},
			{Name: "rust", Part: "create", Tree: tree(1000), Answers: answers}, {Name: "wj", Part: "create", Tree: tree(3000), Answers: answers},
		}}
	}
	shares := func(v view, name string) []int64 {
		for _, f := range v.Root.Children[0].Children {
			if f.Name == name {
				return f.Shares
			}
		}
		t.Fatalf("no %s", name)
		return nil
	}
	exact := views(graphs(10))[0]
	if exact.Label != "create: wj against rust" || exact.Each != 400 {
		t.Errorf("%q of %v an answer", exact.Label, exact.Each)
	}
	if same, work := shares(exact, "same"), shares(exact, "work"); same[0] != same[1] || work[0] != million/4 || work[1] != 3*million/4 {
		t.Errorf("same %v, work %v", same, work)
	}
	sampled := views(graphs(0))[0]
	if sampled.Label != "list: wj against rust" || sampled.Each != 0 {
		t.Errorf("%q of %v", sampled.Label, sampled.Each)
	}
	if same := shares(views(graphs(0))[1], "same"); same[0] != million/2 || same[1] != million/4 {
		t.Errorf("samples: same %v", same)
	}
}
