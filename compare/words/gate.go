package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"taskbench/compare/gate"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// Gate is the page of a gate's decisions: a table, the reasons of all that did
// not pass, and one line to sum up.
func Gate(g *gate.Report) page.Page {
	p := page.Page{Headline: gateHeadline(g), Summary: page.Sentences([]string{gateSummary(g)}), Records: gateRecords(g), Data: gateData(g)}
	if g.Run != nil {
		p.Add(first(g.Run)...)
	}
	p.Add(page.Lines{Items: page.Sentences(gateRuns(g))}, notes(g.Notes, true), page.Space{}, page.Table{Forms: []page.Form{gateForm(g, false), gateForm(g, true)}})
	for _, r := range gateReasons(g) {
		p.Add(page.Lines{Mark: outcomeWord(r.outcome), Mood: outcomeMood[r.outcome], Items: page.Sentences([]string{r.text})})
	}
	return p
}

func gateData(g *gate.Report) *gate.Report {
	told := sentences.WithTexts(g)
	if g.Run != nil {
		told.Headline = withHeadlines(g.Run, told.Headline)
		wordedHeadlines(told.Headline)
	}
	return told
}

// gateRecords are one line for each decision.
func gateRecords(g *gate.Report) page.Records {
	t := newTable("scenario", "group", "connections", "target", "metric", "outcome", "pairs", "ratio", "ci_low", "ci_high",
		"ratio_then", "ci_low_then", "ci_high_then", "ratio_now", "ci_low_now", "ci_high_now", "reason")
	t.warn(nil, g.Notes...)
	for _, d := range g.Decisions {
		f := fields{"scenario": d.Scenario, "group": d.Group, "target": d.Target, "metric": d.Metric.String(), "outcome": string(d.Outcome), "reason": sentences.Of(d.Reason)}
		if d.Connections > 0 {
			f["connections"] = strconv.Itoa(d.Connections)
		}
		t.add(f, gateFields(d.Ratio, ""), gateFields(d.Then, "_then"), gateFields(d.Now, "_now"))
	}
	return t.Records
}

func gateFields(r *gate.Ratio, when string) fields {
	if r == nil {
		return nil
	}
	f := fields{"pairs" + when: strconv.Itoa(r.Pairs), "ratio" + when: figure.Plain(r.Ratio)}
	if r.CI.Known() {
		f["ci_low"+when], f["ci_high"+when] = figure.Plain(r.CI.Low), figure.Plain(r.CI.High)
	}
	return f
}

type gateReason struct {
	outcome stats.Outcome
	text    string
}

// gateReasons are those of all that did not pass; what has the same reason
// shares a sentence.
func gateReasons(g *gate.Report) []gateReason {
	var order []gateReason
	subjects := make(map[gateReason][]string)
	for _, d := range g.Decisions {
		if d.Outcome == stats.Pass {
			continue
		}
		why := gateReason{d.Outcome, sentences.Of(d.Reason)}
		if subjects[why] == nil {
			order = append(order, why)
		}
		subjects[why] = append(subjects[why], subject(g, d))
	}
	var list []gateReason
	for _, why := range order {
		list = append(list, gateReason{why.outcome, strings.Join(subjects[why], ", ") + ": " + why.text})
	}
	return list
}

// Judged is who a gate decides on: "windjammer against rust"; "rust against run
// tp7t0z" where there is no other.
func Judged(g *gate.Report) string {
	var names []string
	for _, j := range g.Judged {
		names = append(names, j.Targets...)
	}
	against := g.Baseline
	if against == "" {
		against = "run " + g.BaselineRun
	}
	return fmt.Sprintf("%s against %s", strings.Join(names, ", "), against)
}

// gateHeadline is "gate: windjammer against rust".
func gateHeadline(g *gate.Report) string {
	return "gate: " + Judged(g)
}

// gateRuns are "run tp7t0z, 13:48, 4 min ago", and what it is held against.
func gateRuns(g *gate.Report) []string {
	var list []string
	for _, j := range g.Judged {
		text := fmt.Sprintf("run %s, %s%s", j.Session, judgedAt(j), sentWith(", ", j.Sender))
		if len(g.Judged) > 1 {
			text = strings.Join(j.Targets, ", ") + ": " + text
		}
		list = append(list, text)
	}
	switch {
	case g.BaselineRun != "" && g.Baseline != "":
		list = append(list, fmt.Sprintf("held against run %s, with %s as control", g.BaselineRun, g.Baseline))
	case g.BaselineRun != "":
		list = append(list, fmt.Sprintf("held against run %s, without a control", g.BaselineRun))
	}
	return list
}

// judgedAt is when a run was measured: the time alone where that was today.
func judgedAt(j gate.Judged) string {
	at := j.Created.Local()
	if j.AgeS == 0 {
		return at.Format(minute)
	}
	layout := minute
	if now := at.Add(time.Duration(j.AgeS * float64(time.Second))); now.YearDay() == at.YearDay() && now.Year() == at.Year() {
		layout = "15:04"
	}
	return at.Format(layout) + ", " + figure.Age(j.AgeS) + " ago"
}

// several reports whether decisions are about more than one target.
func several(g *gate.Report) bool {
	for _, d := range g.Decisions {
		if d.Target != g.Decisions[0].Target {
			return true
		}
	}
	return false
}

// subject is "projects throughput", with the candidate where there are several.
func subject(g *gate.Report, d gate.Decision) string {
	text := gateLevel(g, d)
	if d.Metric != nil {
		text += " " + d.Metric.Name
	}
	if several(g) {
		text = d.Target + ", " + text
	}
	return text
}

// gateLevel is the scenario, with its connections where there are several.
func gateLevel(g *gate.Report, d gate.Decision) string {
	if d.Group != "" && d.Connections > 0 { // a ledger's step
		return d.Scenario + " " + d.Group
	}
	for _, other := range g.Decisions {
		if other.Scenario == d.Scenario && other.Connections != d.Connections {
			return fmt.Sprintf("%s@%d", d.Scenario, d.Connections)
		}
	}
	return d.Scenario
}

// A scenario's or benchmark's name may take so many columns.
const (
	leastLevel = 20
	mostLevel  = 40
)

// gateForm is the table; narrow leaves the two runs' own ratios to JSON.
func gateForm(g *gate.Report, narrow bool) page.Form {
	f := page.Form{Columns: []page.Column{{Words: true, Least: leastLevel, Most: mostLevel}, {Name: "metric", Words: true}}}
	if several(g) {
		f.Columns = append(f.Columns, page.Column{Name: "candidate", Words: true})
	}
	both := g.BaselineRun != "" && g.Baseline != "" && !narrow
	if both {
		f.Columns = append(f.Columns, page.Column{Name: "ratio then"}, page.Column{Name: "ratio now"})
	}
	ratio := map[bool]string{true: "now/then", false: "ratio"}[g.BaselineRun != ""] + " [95 % CI]"
	f.Columns = append(f.Columns, page.Column{Name: ratio}, page.Column{Name: "outcome", Words: true})
	last := ""
	for _, d := range g.Decisions {
		name, metric := gateLevel(g, d), figure.None
		if d.Metric != nil {
			metric = d.Metric.Name
		}
		if name == last {
			name = ""
		} else {
			last = name
		}
		cells := []page.Cell{{Text: name}, {Text: metric}}
		if several(g) {
			cells = append(cells, page.Cell{Text: plain.Clean(d.Target)})
		}
		if both {
			cells = append(cells, ratioCell(d.Then), ratioCell(d.Now))
		}
		f.Rows = append(f.Rows, page.Row{Key: d.Metric.String(), Cells: append(cells, ratioCell(d.Ratio), page.Cell{Text: outcomeWord(d.Outcome), Mood: outcomeMood[d.Outcome]})})
	}
	return f
}

func ratioCell(r *gate.Ratio) page.Cell {
	if r == nil {
		return page.Cell{Text: figure.None}
	}
	return page.Cell{Text: figure.Interval(r.Ratio, r.CI), Value: &r.Ratio}
}

var outcomeMood = map[stats.Outcome]page.Mood{stats.Failed: page.Bad, stats.Warned: page.Strong, stats.Undetermined: page.Faint, stats.Pass: page.Good}

func outcomeWord(o stats.Outcome) string {
	if o == stats.Failed {
		return "FAIL"
	}
	return string(o)
}

// gateSummary is "gate failed: 1 fail, 2 pass (warn above 5 %, fail above 10 %)".
func gateSummary(g *gate.Report) string {
	var parts []string
	for _, o := range []stats.Outcome{stats.Failed, stats.Warned, stats.Undetermined, stats.Pass} {
		if n := g.Counts[o]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	word := map[stats.Outcome]string{
		stats.Failed: "failed", stats.Warned: "passed with warnings", stats.Undetermined: "inconclusive", stats.Pass: "passed",
	}[g.Outcome]
	if len(parts) == 0 {
		parts = []string{"nothing was measured"}
	}
	return fmt.Sprintf("gate %s: %s (%s, warns beyond %s, fails beyond %s)", word, strings.Join(parts, ", "), g.Rule.Mode, gateLimit(g, g.Rule.Warn), gateLimit(g, g.Rule.Fail))
}

// gateLimit is a limit as the change that it is of times, and of what is better
// where there is more of it: "+10 % (throughput −9.1 %)".
func gateLimit(g *gate.Report, limit float64) string {
	text := figure.Limit(stats.LowerIsBetter.Worse(limit))
	for _, d := range g.Decisions {
		if d.Metric != nil && d.Metric.Better == stats.HigherIsBetter {
			return fmt.Sprintf("%s (%s %s)", text, d.Metric.Name, figure.Limit(d.Metric.Better.Worse(limit)))
		}
	}
	return text
}

// Decided is why a decision is what it is, behind the change where the reason
// does not say it.
func Decided(d gate.Decision) string {
	reason := sentences.Of(d.Reason)
	if _, says := d.Reason.Values["ratio"]; d.Ratio == nil || says {
		return reason
	}
	return fmt.Sprintf("%s%s, %s: %s", figure.Change(d.Ratio.Ratio, d.Ratio.CI), bracketed(d.Ratio.CI), figure.Count(d.Ratio.Pairs, "pair"), reason)
}
