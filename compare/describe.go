package compare

import "taskbench/internal/figure"

import "strings"

// Mood is a meaning that colour may underline; the words say it too.
type Mood string

const (
	Usual Mood = ""
	Good  Mood = "good"
	Bad   Mood = "bad"
	Faint Mood = "faint" // undecided, or of no meaning
)

var moods = map[style]Mood{good: Good, bad: Bad, faint: Faint}

// Description is a comparison in the words and with the figures that all
// writers print, for those outside this package that lay it out themselves: a
// page must not round or phrase anything a second time. It is plain text of
// any origin: escape it.
type Description struct {
	Headline  string
	Targets   []string // one sentence a target, in their order
	Footnotes []string // of the targets, with their marks
	Flags     []string
	Notes     []string
	Scenarios []ScenarioText // in the order of Comparison.Scenarios
	Sweeps    []SweepText    // in the order of Comparison.Sweeps
	Summary   []string
}

// ScenarioText is what there is to say of one scenario at one load level.
type ScenarioText struct {
	Name      string // with its load where there are several: "projects@50"
	Title     string
	Problems  []ProblemText
	Lines     []Line // the rows of its table that are for people
	Footnotes []string
	Legend    []string
	Expected  []string
	LeftOut   []string
	Flags     []string
	Notes     []string
}

// ProblemText is why a target has no speed; Example may be "".
type ProblemText struct{ What, Example string }

// SweepText is how one scenario scales.
type SweepText struct {
	Lines     []Line
	Footnotes []string
	Knee      string
	Flags     []string
}

// Line is one row of a table with its printed cells, one a target; the
// baseline's Ratios and Verdicts are empty.
type Line struct {
	Row
	Name        string // of the metric, benchmark or figure
	Connections int
	Figures     []Phrase
	Ratios      []Phrase
	Verdicts    []Phrase
}

// Phrase is one cell.
type Phrase struct {
	Text string
	Mood Mood
}

// Describe puts a comparison into words.
func Describe(c *Comparison) Description {
	var notes footnotes
	d := Description{Headline: clean(headline(c)), Flags: cleaned(c.Flags), Notes: cleaned(c.Notes), Summary: cleaned(summaryLines(c))}
	for _, t := range c.Targets {
		d.Targets = append(d.Targets, clean(targetLine(c, t, &notes)))
	}
	d.Footnotes = notes.lines()
	for _, s := range c.Scenarios {
		d.Scenarios = append(d.Scenarios, describeScenario(c, s))
	}
	for _, s := range c.Sweeps {
		d.Sweeps = append(d.Sweeps, describeSweep(c, s))
	}
	return d
}

func describeScenario(c *Comparison, s Scenario) ScenarioText {
	var notes footnotes
	t := ScenarioText{
		Name: clean(levelName(c, s)), Title: clean(scenarioTitle(s)), Legend: cleaned(legend(s.Rows)),
		LeftOut: cleaned(leftOutLines(s)), Flags: cleaned(s.Flags), Notes: cleaned(s.Notes),
	}
	for _, side := range s.Sides {
		for _, p := range problems(side) {
			t.Problems = append(t.Problems, ProblemText{clean(p.what), oneLine(p.example, 400)})
		}
	}
	if !s.measured() {
		return t
	}
	for _, r := range s.Rows {
		if s.shows(r) {
			t.Lines = append(t.Lines, describeLine(s, r, candidates(c), &notes))
		}
	}
	for _, check := range s.Expected {
		t.Expected = append(t.Expected, clean(expectedLine(check, false)))
	}
	t.Footnotes = notes.lines()
	return t
}

func describeSweep(c *Comparison, s Sweep) SweepText {
	var notes footnotes
	t := SweepText{Knee: clean(kneeLine(s)), Flags: cleaned(s.flags())}
	for _, m := range []*figure.Figure{figure.Throughput, figure.P95} {
		for _, level := range levelsOf(c, s.Scenario) {
			if r, ok := level.row(m); ok {
				t.Lines = append(t.Lines, describeLine(level, r, candidates(c), &notes))
			}
		}
	}
	t.Footnotes = notes.lines()
	return t
}

// describeLine is one row of a load test, in the richest form.
func describeLine(s Scenario, r Row, candidates []int, notes *footnotes) Line {
	return lineOf(r, line(r.Metric.Name, s, r, candidates, details[0], notes)).at(s.Load.Connections)
}

func (l Line) at(connections int) Line {
	l.Connections = connections
	return l
}

// lineOf takes the boxes of the richest table apart: a label, the baseline's
// figure, then figure, ratio and verdict of each candidate.
func lineOf(r Row, boxes []box) Line {
	l := Line{Row: r, Name: phrase(boxes[0]).Text, Figures: []Phrase{phrase(boxes[1])}, Ratios: []Phrase{{}}, Verdicts: []Phrase{{}}}
	for b := boxes[2:]; len(b) >= 3; b = b[3:] {
		l.Figures, l.Ratios, l.Verdicts = append(l.Figures, phrase(b[0])), append(l.Ratios, phrase(b[1])), append(l.Verdicts, phrase(b[2]))
	}
	return l
}

func phrase(b box) Phrase { return Phrase{clean(b.text), moods[b.style]} }

// lines are the footnotes behind their marks.
func (f *footnotes) lines() []string {
	var list []string
	for i, reason := range f.reasons {
		list = append(list, superscript(i+1)+" "+clean(reason))
	}
	return list
}

func cleaned(sentences []string) []string {
	list := make([]string, len(sentences))
	for i, s := range sentences {
		list[i] = strings.TrimSpace(clean(s))
	}
	return list
}
