package gate

import (
	"fmt"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/history"
	"taskbench/compare/lineup"
	"taskbench/compare/micro"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// AgainstMicro holds microbenchmarks against those of an earlier run, by the rules
// of Against: every candidate's ratio to the baseline, which is the control, now
// and then. A run of one implementation has no control: its own figures are
// compared, and nothing is decided where the earlier run is of another machine.
//
// Benchmarks are matched by their names, or as the options say. One that either run lacks, or that is
// measured in another unit, is inconclusive with its reason. Errors are those of
// Against.
func AgainstMicro(then, now []results.Document, o micro.Options, ask Options) (*Report, error) {
	c, err := micro.New(now, o)
	if err != nil {
		return nil, err
	}
	if err := ask.Rule.Validate(); err != nil {
		return nil, source.WithHint(err, "--warn 5% --fail 10% is the default")
	}
	a := againstMicro{then: then, now: now, options: o}
	candidates := c.Targets[1:]
	if len(candidates) == 0 {
		candidates = c.Targets
	} else {
		a.control = c.Targets[0].Implementation
	}
	if err := a.possible(candidates); err != nil {
		return nil, err
	}
	g := newMicroBuilder(ask, c, candidates, a.control)
	g.BaselineRun = then[0].Session
	g.Notes = append(g.Notes, a.notes()...)
	a.known = &known{}
	for _, r := range lineup.Sessions(append(slices.Clone(ask.Known), then...)) {
		if r[0].Session != now[0].Session {
			a.known.runs = append(a.known.runs, r)
		}
	}
	for _, t := range candidates {
		if err := a.decide(g, t); err != nil {
			return nil, err
		}
	}
	return g.against(a.known), nil
}

// newMicroBuilder judges the candidates, who are all there is without a control.
func newMicroBuilder(ask Options, c *micro.Comparison, candidates []lineup.Target, control string) *builder {
	if control != "" {
		return newBuilder(ask, c.Targets, c.Notes)
	}
	g := newBuilder(ask, append([]lineup.Target{{}}, candidates...), c.Notes)
	g.Baseline = ""
	return g
}

// againstMicro is two runs of microbenchmarks, and the control, "" where there is none.
type againstMicro struct {
	then, now []results.Document
	control   string
	options   micro.Options
	known     *known
}

// possible is an error where the runs have nothing that could be compared.
func (a againstMicro) possible(candidates []lineup.Target) error {
	for name, docs := range map[string][]results.Document{"the earlier run": a.then, "the run": a.now} {
		if slices.ContainsFunc(docs, func(d results.Document) bool { return d.Session != docs[0].Session }) {
			return source.Errorf(source.Position{}, "name one session", "%s was not measured in one session: its rounds are no pairs", name)
		}
	}
	if a.control != "" && microOf(a.then, a.control) == nil {
		return source.WithHint(fmt.Errorf("the earlier run has no control: there are no microbenchmarks of %s in it", a.control),
			"it needs results of "+a.control+" measured in rounds with the candidate; see: taskbench results list")
	}
	if !slices.ContainsFunc(candidates, func(t lineup.Target) bool { return microOf(a.then, t.Implementation) != nil }) {
		return source.Errorf(source.Position{}, "", "the earlier run has none of the candidates of this run")
	}
	return nil
}

// microOf is an implementation's document; nil where a run has none.
func microOf(docs []results.Document, implementation string) *results.Document {
	i := slices.IndexFunc(docs, func(d results.Document) bool { return d.Implementation == implementation })
	if i < 0 || docs[i].Micro == nil {
		return nil
	}
	return &docs[i]
}

// notes are what a reader of the decisions must know of the earlier run.
func (a againstMicro) notes() []finding.Finding {
	if a.then[0].Session == a.now[0].Session {
		return []finding.Finding{{Code: finding.AgainstItself}}
	}
	var list []finding.Finding
	if differ := a.otherMachine(); len(differ) > 0 && a.control != "" {
		list = append(list, finding.Finding{Code: finding.OtherMachineThen, Said: differ})
	}
	if slices.ContainsFunc(a.then, func(d results.Document) bool { return !d.Complete }) {
		list = append(list, finding.Finding{Code: finding.BaselineUnready})
	}
	for _, d := range a.now {
		if was := microOf(a.then, d.Implementation); was != nil && was.Micro.Toolchain != d.Micro.Toolchain && was.Micro.Toolchain != "" && d.Micro.Toolchain != "" {
			list = append(list, finding.Finding{Code: finding.OtherToolchain, Target: d.Implementation, Said: []string{d.Micro.Toolchain, was.Micro.Toolchain}})
		}
	}
	return list
}

func (a againstMicro) otherMachine() []string {
	return lineup.OtherMachine(a.then[0].Environment, a.now[0].Environment)
}

// pair is the control, if there is one, and a candidate alone; nil where a run lacks one.
func (a againstMicro) pair(docs []results.Document, candidate string) (*micro.Comparison, error) {
	list := []results.Document{}
	for _, name := range []string{a.control, candidate} {
		if name == "" {
			continue
		}
		d := microOf(docs, name)
		if d == nil {
			return nil, nil
		}
		list = append(list, *d)
	}
	o := a.options
	o.Baseline = list[0].Implementation
	return micro.New(list, o)
}

// decide judges all benchmarks of one candidate.
func (a againstMicro) decide(g *builder, t lineup.Target) error {
	then, err := a.pair(a.then, t.Implementation)
	if err != nil {
		return err
	}
	now, err := a.pair(a.now, t.Implementation)
	if err != nil || now == nil {
		return err
	}
	known := a.knownTo(t.Implementation)
	for _, row := range now.Rows {
		d := Decision{Scenario: row.ID, Group: row.Group, Target: t.Label, Metric: figure.PerIteration(row.Unit)}
		if why := a.notComparable(then, row, t.Implementation); !why.IsZero() {
			d.Decision = stats.Decision{Outcome: stats.Undetermined, Reason: why}
			g.Decisions = append(g.Decisions, d)
			continue
		}
		g.decideOn(a.held(d, then, now, row, known))
	}
	if then != nil {
		g.Notes = append(slices.DeleteFunc(g.Notes, usedIn(then)), onlyThen(then, now)...)
	}
	return nil
}

// usedIn reports of a note that a match joined nothing in this run whether it did in
// the earlier one: benchmarks may have been renamed since.
func usedIn(then *micro.Comparison) func(finding.Finding) bool {
	return func(f finding.Finding) bool {
		return f.Code == finding.MatchUnused && !slices.ContainsFunc(then.Notes, func(t finding.Finding) bool { return t.Code == f.Code && t.Said[0] == f.Said[0] })
	}
}

// microRow is a benchmark of a comparison; nil where it has none.
func microRow(c *micro.Comparison, id string) *micro.Row {
	i := slices.IndexFunc(c.Rows, func(r micro.Row) bool { return r.ID == id })
	if i < 0 {
		return nil
	}
	return &c.Rows[i]
}

// last is the candidate's cell of a row: the only one, without a control.
func last(r *micro.Row) micro.Cell { return r.Cells[len(r.Cells)-1] }

// notComparable says why a benchmark cannot be held against the earlier run's;
// zero when it can.
func (a againstMicro) notComparable(then *micro.Comparison, row micro.Row, candidate string) finding.Finding {
	if then == nil {
		return finding.Finding{Code: finding.NoBaselineResults, Said: []string{candidate}}
	}
	if differ := a.otherMachine(); a.control == "" && len(differ) > 0 {
		return finding.Finding{Code: finding.NoControlElsewhere, Said: differ}
	}
	if why := unmeasured(row); !why.IsZero() {
		return why
	}
	was := microRow(then, row.ID)
	if was == nil {
		return finding.Finding{Code: finding.InBaselineRun}.With(finding.Finding{Code: finding.NoBenchmark, Target: candidate, Said: []string{row.ID}})
	}
	if why := unmeasured(*was); !why.IsZero() {
		return finding.Finding{Code: finding.InBaselineRun}.With(why)
	}
	if was.Unit != row.Unit {
		return finding.Finding{Code: finding.InBaselineRun}.With(finding.Finding{Code: finding.OtherUnit, Target: candidate, Said: []string{row.ID, was.Unit, row.Unit}})
	}
	return finding.Finding{}
}

// unmeasured says what keeps a row from having a series; zero where it has one.
func unmeasured(row micro.Row) finding.Finding {
	for _, cell := range row.Cells {
		if cell.Median == nil {
			return cell.Missing
		}
	}
	return last(&row).NoRatio
}

// held judges one benchmark.
func (a againstMicro) held(d Decision, then, now *micro.Comparison, row micro.Row, known []*micro.Comparison) (Decision, stats.Row) {
	was := microRow(then, row.ID)
	before, today := last(was).Series(), last(&row).Series()
	rule := stats.Rule{Better: stats.LowerIsBetter, Plan: now.Plan(row, min(len(before), len(today))), Numbers: stats.Numbers(today), Then: stats.Numbers(before)}
	var runs [][]stats.Pair
	for _, c := range known {
		if r := microRow(c, row.ID); r != nil && r.Unit == row.Unit && unmeasured(*r).IsZero() {
			runs = append(runs, stats.Plain(last(r).Series()))
		}
	}
	if d.Between = a.known.scatter(rule.Better, runs, stats.Plain(today)); d.Between != nil {
		rule.Between = *d.Between
	}
	j := stats.RatioOfRatios(stats.Plain(before), stats.Plain(today), rule)
	j = stats.Examine(before, rule.Better).Temper(stats.Examine(today, rule.Better).Temper(j))
	d.Then, d.Now, d.Ratio = verdictOf(last(was).Ratio), verdictOf(last(&row).Ratio), ratioOf(j)
	return d, stats.Row{Judgement: j, Plan: rule.Plan}
}

// knownTo are the runs on this machine that have a candidate, and its control.
func (a againstMicro) knownTo(candidate string) (list []*micro.Comparison) {
	here := history.Machine(a.now[0].Environment)
	for _, docs := range a.known.runs {
		if history.Machine(docs[0].Environment) != here {
			continue
		}
		if c, err := a.pair(docs, candidate); err == nil && c != nil {
			list = append(list, c)
		}
	}
	return list
}

// onlyThen names the benchmarks that this run lacks: a gate that says nothing of
// them must not look as if they had passed.
func onlyThen(then, now *micro.Comparison) []finding.Finding {
	var gone []string
	for _, r := range then.Rows {
		if microRow(now, r.ID) == nil {
			gone = append(gone, r.ID)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return []finding.Finding{{Code: finding.NotMeasuredNow, Said: gone}}
}
