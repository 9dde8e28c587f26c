// Package micro compares microbenchmarks, paired by their names and rounds.
package micro

import (
	"fmt"
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// Statistic is which of Criterion's estimates stands for a round.
type Statistic string

const (
	Median  Statistic = "median"  // outliers hardly move it; the default
	Mean    Statistic = "mean"    // what critcmp compares
	Slope   Statistic = "slope"   // missing where sampling was flat
	Typical Statistic = "typical" // what Criterion prints: the slope, else the mean
)

// Statistics are all of them, the default first.
var Statistics = []Statistic{Median, Mean, Slope, Typical}

// Comparison is what all writers of microbenchmarks print.
type Comparison struct {
	Schema    int               `json:"taskbench_micro_comparison"`
	Baseline  string            `json:"baseline"` // label of Targets[0]
	Targets   []lineup.Target   `json:"targets"`  // the baseline, then the candidates by label
	Statistic Statistic         `json:"statistic"`
	Rows      []Row             `json:"rows"`   // groups together, in the baseline's order
	Groups    []Group           `json:"groups"` // those of two benchmarks and more, then all together
	Notes     []finding.Finding `json:"notes"`

	rules verdict.Rules
}

// Plan is the plan that a benchmark is judged by, for n rounds.
func (c *Comparison) Plan(r Row, n int) stats.Plan { return c.rules.Plan(r.Row().Metric, n) }

// Row is one benchmark on all sides.
type Row struct {
	ID    string            `json:"id"` // the baseline's name of it
	Group string            `json:"group"`
	Unit  string            `json:"unit"`
	Cells []Cell            `json:"values"` // one a target, in their order
	Notes []finding.Finding `json:"notes,omitempty"`
}

// Cell is one target's figure of one iteration, in the row's unit. Its
// pairs are rounds, from the first.
type Cell struct {
	verdict.Cell
	ID string `json:"id,omitempty"` // its own name of the benchmark, where another
	// Low and High are the interval that Criterion gives a single round: it
	// knows nothing of what changes from one process run to the next.
	Low        *float64                  `json:"low,omitempty"`
	High       *float64                  `json:"high,omitempty"`
	Throughput []results.MicroThroughput `json:"throughput,omitempty"` // of one iteration
	Outliers   int                       `json:"outliers"`             // of Samples, beyond Tukey's fences; counted, never dropped
	Samples    int                       `json:"samples"`              // over all rounds

	series []stats.OrderedPair
}

// Series are the rounds that a ratio is taken over, whether it was one or not: those
// of a candidate with the baseline's; those of the baseline with 1, so that its own
// figures can be held against others.
func (c Cell) Series() []stats.OrderedPair { return c.series }

// Group is the geometric mean of the ratios of a group.
type Group struct {
	Group   string        `json:"group,omitempty"` // "" is all benchmarks
	Target  string        `json:"target"`
	Overall stats.Overall `json:"overall"`
}

// Options says how microbenchmarks are compared. The zero MicroOptions is fine.
type Options struct {
	lineup.Options           // without Margins, which are of load tests
	Statistic      Statistic // "" is MicroMedian
	Match          []Match   // for benchmarks that are named differently
	Margin         float64   // of parity, as a fraction; 0 is the stored rule's
}

// New compares documents of kind microbench: benchmarks are paired by
// their full id, or by Match where no id is the same, and rounds by their
// number. Verdicts come from the code that judges load tests, with the median over
// rounds where that has a trial's figure. A benchmark that only some targets
// have is a row with a reason. Errors are those of New.
func New(docs []results.Document, o Options) (*Comparison, error) {
	if o.Statistic == "" {
		o.Statistic = Median
	}
	if !slices.Contains(Statistics, o.Statistic) {
		return nil, source.Errorf(source.Position{}, fmt.Sprintf("choose one of %v", Statistics), "unknown statistic %q", o.Statistic)
	}
	entrants, err := lineup.Of(results.Microbench, docs, o.Options)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Schema: lineup.Schema, Baseline: entrants[0].Label, Targets: lineup.Targets(entrants), Statistic: o.Statistic, Rows: []Row{}}
	c.Notes = lineup.Notes(entrants, func(*figure.Figure) bool { return false })
	sides := make([]side, len(entrants))
	for i, e := range entrants {
		sides[i] = newSide(e)
	}
	c.Notes = append(c.Notes, rename(sides, o.Match)...)
	c.Notes = append(append(c.Notes, roundNotes(sides)...), lineup.MachineFlags(entrants)...)
	j := judge{statistic: o.Statistic, rules: verdict.NewRules(entrants, nil), rounds: mostRounds(sides)}
	j.rules.Stored = ruleOf(entrants, j.rounds, o.Margin)
	c.rules = j.rules
	for _, id := range idsOf(sides) {
		c.Rows = append(c.Rows, j.row(id, sides))
	}
	c.state()
	c.Groups = microGroups(c)
	return c, nil
}

// state keeps the verdicts that may stand, all of them taken together, as of a load
// test: among twenty benchmarks one is "faster" by chance at every second look.
func (c *Comparison) state() {
	var run []stats.Cell
	var verdicts [][]*verdict.Verdict
	for i := range c.Targets[1:] {
		var list []*verdict.Verdict
		for _, row := range c.Rows {
			if x := row.Cells[i+1].Ratio; x != nil && x.Verdict != nil {
				list = append(list, x.Verdict)
			}
		}
		verdicts, run = append(verdicts, list), append(run, stats.Cell{Primary: verdict.Judged(list, 0)})
	}
	for i, claims := range stats.Claims(run, len(run)) {
		for k, v := range verdicts[i] {
			v.State(claims.Primary[k])
		}
	}
}

// ruleOf is the stored rule of a run; imports have none, and are judged
// once, over the rounds there are.
func ruleOf(entrants []lineup.Entrant, rounds int, margin float64) *results.Rule {
	r := entrants[0].Doc.Plan.Rule
	if r == nil {
		return verdict.NewRule(rounds, false, rounds == 1, margin)
	}
	if margin != 0 {
		own := *r
		own.Margin = margin
		return &own
	}
	return r
}

// side is one target's benchmarks by the name they are compared under.
type side struct {
	label      string
	micro      *results.Micro
	ids        []string
	benchmarks map[string]*results.Microbenchmark
}

func newSide(e lineup.Entrant) side {
	s := side{label: e.Label, micro: e.Doc.Micro, benchmarks: map[string]*results.Microbenchmark{}}
	if s.micro == nil {
		s.micro = &results.Micro{}
	}
	for i := range s.micro.Benchmarks {
		b := &s.micro.Benchmarks[i]
		if s.benchmarks[b.ID] == nil {
			s.ids = append(s.ids, b.ID)
			s.benchmarks[b.ID] = b
		}
	}
	return s
}

// rounds is the highest number of a round; positions tells its order in each.
func (s side) rounds() int {
	n := 0
	for _, r := range s.micro.Rounds {
		n = max(n, r.Round)
	}
	return n
}

func (s side) position(round int) int {
	for _, r := range s.micro.Rounds {
		if r.Round == round {
			return r.Position
		}
	}
	return 0
}

func mostRounds(sides []side) int {
	n := 1
	for _, s := range sides {
		n = max(n, s.rounds())
	}
	return n
}

// idsOf are all names: the baseline's, then what only others have, each
// group in one place.
func idsOf(sides []side) []string {
	var ids, groups []string
	group := map[string]string{}
	for _, s := range sides {
		for _, id := range s.ids {
			if _, known := group[id]; known {
				continue
			}
			group[id] = s.benchmarks[id].Group
			ids = append(ids, id)
			if !slices.Contains(groups, group[id]) {
				groups = append(groups, group[id])
			}
		}
	}
	slices.SortStableFunc(ids, func(a, b string) int {
		return slices.Index(groups, group[a]) - slices.Index(groups, group[b])
	})
	return ids
}

// roundNotes say what the rounds are worth as replicates.
func roundNotes(sides []side) []finding.Finding {
	list := []finding.Finding{}
	few, imported := false, false
	for _, s := range sides {
		n := s.rounds()
		few = few || n < 2
		imported = imported || n > 1 && !s.micro.Paired
		for _, r := range s.micro.Rounds {
			if r.Error != "" {
				list = append(list, finding.Finding{Code: finding.RoundFailed, Target: s.label, Pairs: []int{r.Round}, Said: []string{r.Error}})
			}
		}
	}
	if few && len(sides) > 1 {
		list = append(list, finding.Finding{Code: finding.OneRound})
	}
	if imported && len(sides) > 1 {
		list = append(list, finding.Finding{Code: finding.RoundsImported})
	}
	return list
}

// finite tells figures from what a stored document may hold instead.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// of takes the statistic out of a run; nil where it has none.
func (s Statistic) of(r results.MicroRun) *results.MicroEstimate {
	switch {
	case s == Mean, s == Typical && r.Slope == nil:
		return r.Mean
	case s == Slope, s == Typical:
		return r.Slope
	}
	return r.Median
}
