package export

import (
	"encoding/xml"
	"fmt"
	"io"
	"slices"

	"taskbench/compare/gate"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/plain"
)

// The elements of JUnit's XML that all readers of it know.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Time     string      `xml:"time,attr"`
		About    *junitAbout `xml:"properties"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitAbout struct {
		Properties []junitProperty `xml:"property"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		Time    string        `xml:"time,attr"`
		Failure *junitMessage `xml:"failure"`
		Error   *junitMessage `xml:"error"`
		Skipped *junitMessage `xml:"skipped"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes a gate's decisions as JUnit XML: first the headline, then a suite a scenario, a case a
// metric of a candidate; of microbenchmarks a suite a group, a case a benchmark
// of a candidate. A failed decision is a failure, one that could not be
// made an error, an undecided one skipped (under stats.Strict a failure, as
// for the gate), a warning a passed case with a text. Times are 0: a decision
// takes none, and a case's time is no latency.
func JUnit(w io.Writer, g *gate.Report) error {
	all := junitSuites{Name: "taskbench gate", Suites: headlineSuites(g)}
	at := map[string]int{}
	for _, d := range g.Decisions {
		name := suiteName(d)
		i, known := at[name]
		if !known {
			i = len(all.Suites)
			at[name] = i
			all.Suites = append(all.Suites, junitSuite{Name: name, Time: "0", About: sentBy(g)})
		}
		all.Suites[i].add(d, g)
	}
	for _, s := range all.Suites {
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// sentBy is what sent the load of the runs that are judged; nil where that was wrk on one
// machine alone.
func sentBy(g *gate.Report) *junitAbout {
	var about junitAbout
	for _, j := range g.Judged {
		p := junitProperty{Name: "sent by", Value: j.Sender.Known()}
		if p.Value != "" && !slices.Contains(about.Properties, p) {
			about.Properties = append(about.Properties, p)
		}
	}
	if len(about.Properties) == 0 {
		return nil
	}
	return &about
}

// headlineSuites begin with what is stated of each candidate, as passed cases with
// a text: names stay the same from run to run.
func headlineSuites(g *gate.Report) []junitSuite {
	var cases []junitCase
	for _, h := range headlines(g) {
		cases = append(cases, junitCase{Name: h.target + ": headline", Class: "taskbench.headline", Time: "0", Out: h.Word + " " + h.text})
	}
	if len(cases) == 0 {
		return nil
	}
	return []junitSuite{{Name: plain.Clean(words.Judged(g)), Tests: len(cases), Time: "0", Cases: cases}}
}

func suiteName(d gate.Decision) string {
	if d.Micro() {
		return "microbenchmarks, " + plain.Clean(d.Group)
	}
	if d.Group != "" { // of a ledger
		return fmt.Sprintf("%s, counted over %d virtual users", plain.Clean(d.Scenario), d.Connections)
	}
	return fmt.Sprintf("%s, %d connections", plain.Clean(d.Scenario), d.Connections)
}

// className is how CI servers group cases into packages.
func className(d gate.Decision) string {
	if d.Micro() {
		return "taskbench.micro." + word(d.Group)
	}
	return "taskbench." + word(d.Scenario)
}

// add makes a case of a decision. What is inconclusive is no error where the gate's exit
// code is none: CI goes by either.
func (s *junitSuite) add(d gate.Decision, g *gate.Report) {
	c := junitCase{Name: s.caseName(d), Class: className(d), Time: "0"}
	message := &junitMessage{Message: plain.Clean(sentences.Of(d.Reason)), Text: decisionText(d)}
	switch {
	case d.Outcome == stats.Failed && d.Metric == nil:
		message.Type = "answers"
		c.Failure = message
	case d.Outcome == stats.Failed:
		message.Type = "regression"
		c.Failure = message
	case d.Outcome == stats.Undetermined && !g.Compared():
		message.Type = "not compared"
		c.Error = message
	case d.Outcome == stats.Undetermined && g.Rule.Mode == stats.Strict:
		message.Type = "inconclusive"
		c.Failure = message
	case d.Outcome == stats.Undetermined:
		c.Skipped = message
	case d.Outcome == stats.Warned:
		c.Out = "warning: " + decisionText(d)
	default:
		c.Out = decisionText(d)
	}
	s.Tests++
	s.Failures += present(c.Failure)
	s.Errors += present(c.Error)
	s.Skipped += present(c.Skipped)
	s.Cases = append(s.Cases, c)
}

func present(m *junitMessage) int {
	if m == nil {
		return 0
	}
	return 1
}

// caseName stays the same from run to run, so that servers show a history. What is
// not about a metric is numbered where there is more than one.
func (s *junitSuite) caseName(d gate.Decision) string {
	what := "answers and expectations"
	switch {
	case d.Micro():
		what = plain.Clean(d.Scenario)
	case d.Metric != nil && d.Group != "":
		what = plain.Clean(d.Group) + ": " + d.Metric.Name
	case d.Metric != nil:
		what = d.Metric.Name
	}
	base := plain.Clean(d.Target) + ": " + what
	name := base
	for n := 2; s.has(name); n++ {
		name = fmt.Sprintf("%s %d", base, n)
	}
	return name
}

func (s *junitSuite) has(name string) bool {
	for _, c := range s.Cases {
		if c.Name == name {
			return true
		}
	}
	return false
}

// decisionText is what a decision is made for.
func decisionText(d gate.Decision) string { return plain.Clean(words.Decided(d)) }
