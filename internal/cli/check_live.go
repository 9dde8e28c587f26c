package cli

import (
	"fmt"
	"io"
	"strings"

	"taskbench/internal/check"
	"taskbench/internal/cli/console"
	"taskbench/internal/source"
	"taskbench/scenarios"
)

// liveCheck is one iteration of a scenario against every target.
type liveCheck struct {
	Scenario    string        `json:"scenario"`
	Targets     []liveAnswers `json:"targets"`
	Differences []string      `json:"differences"` // of their answers
}

// liveAnswers is how one target took it.
type liveAnswers struct {
	Target    string         `json:"target"`
	OK        bool           `json:"ok"`
	Answers   int            `json:"answers"`         // up to the first that was not as expected
	Step      string         `json:"step,omitempty"`  // that was not, and
	Unmet     []string       `json:"unmet,omitempty"` // in what
	Error     string         `json:"error,omitempty"` // why it could not be asked
	Exchanges []liveExchange `json:"exchanges,omitempty"`
	// Adapted are the overrides that its answers called for, and Proposal what would
	// have to be accepted of it.
	Adapted     []string  `json:"adapted,omitempty"`
	Certificate string    `json:"certificate,omitempty"` // what was found of it, where the scenario has it verified
	Proposal    *proposal `json:"proposal,omitempty"`
}

// liveExchange is one step's request and answer: of the step that failed, of
// all with --verbose.
type liveExchange struct {
	Step        string `json:"step"`
	Again       string `json:"again,omitempty"` // why it was asked once more
	Request     string `json:"request"`
	Status      int    `json:"status"`
	ContentType string `json:"content_type"`
	Body        string `json:"body"`
}

// addLive notes what all visits found. The error says how many failed.
func (r *checkReport) addLive(hide func(string) string, loaded []*scenarios.Scenario, visits [][]check.Visit, verbose bool) error {
	failed, all := 0, 0
	for i, s := range loaded {
		l := liveCheck{Scenario: s.Name, Differences: []string{}}
		for _, v := range visits[i] {
			answers := answersOf(v, verbose, hide)
			if answers.Proposal = propose(v); answers.Proposal == nil {
				answers.Adapted = s.For(v.Target).Adapted()
			}
			l.Targets = append(l.Targets, answers)
			if all++; !answers.OK {
				failed++
			}
		}
		for _, v := range visits[i][1:] {
			for _, d := range check.Differences(visits[i][0], v) {
				l.Differences = append(l.Differences, d.String())
			}
		}
		r.Live = append(r.Live, l)
	}
	if failed == 0 {
		return nil
	}
	return console.Exit(console.ExitGate, fmt.Errorf("%d of %d checks failed: these servers do not do what the scenario expects", failed, all))
}

func answersOf(v check.Visit, verbose bool, hide func(string) string) liveAnswers {
	bad, unmet := v.Failed()
	a := liveAnswers{Target: v.Target, Certificate: v.Certificate, OK: v.Err == nil && !unmet, Answers: len(v.Answers)}
	if v.Err != nil {
		a.Error = v.Err.Error()
	} else if unmet {
		a.Step, a.Unmet = bad.Step, bad.Unmet
	}
	for _, answer := range v.Answers {
		if verbose || len(answer.Unmet) > 0 {
			a.Exchanges = append(a.Exchanges, liveExchange{
				Step: answer.Step, Again: answer.Again, Request: shownBody(answer.Request, hide), Status: answer.Status,
				ContentType: answer.Header.Get("Content-Type"), Body: shownBody(answer.Body, hide),
			})
		}
	}
	return a
}

// maxShown bounds what is shown of one body.
const maxShown = 2000

func shownBody(text []byte, hide func(string) string) string {
	shown, mark := hide(string(text)), ""
	if len(shown) > maxShown {
		shown, mark = shown[:maxShown], "…"
	}
	return source.Printable(shown) + mark
}

func (l liveCheck) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n", l.Scenario)
	for _, a := range l.Targets {
		a.print(w)
	}
	for _, d := range l.Differences {
		fmt.Fprintf(w, "  differs  %s\n", d)
	}
}

func (a liveAnswers) print(w io.Writer) {
	switch {
	case a.Error != "":
		fmt.Fprintf(w, "  ✗ %s: %s\n", a.Target, a.Error)
	case !a.OK:
		fmt.Fprintf(w, "  ✗ %s: step %s: not as expected: %s\n", a.Target, a.Step, strings.Join(a.Unmet, ", "))
	default:
		fmt.Fprintf(w, "  ✓ %s: %d answers as expected\n", a.Target, a.Answers)
	}
	if a.Certificate != "" {
		fmt.Fprintf(w, "      %s\n", a.Certificate)
	}
	for _, what := range a.Adapted {
		fmt.Fprintf(w, "      %s\n", what)
	}
	a.Proposal.print(w)
	for _, e := range a.Exchanges {
		fmt.Fprintf(w, "      %s%s\n", e.Step, againWord[e.Again])
		printIndented(w, "> ", e.Request)
		fmt.Fprintf(w, "        < status %d, %s\n", e.Status, e.ContentType)
		printIndented(w, "< ", e.Body)
	}
}

// againWord says why a step was asked once more.
var againWord = map[string]string{
	"redirect": ", redirected", "retry": ", tried again", "repeat": ", repeated", "for_each": ", next element",
}

func (p *proposal) print(w io.Writer) {
	if p == nil {
		return
	}
	for _, what := range p.Says {
		fmt.Fprintf(w, "      %s\n", what)
	}
	then := "it passes"
	if !p.Passes {
		then = "it comes further, and no more"
	}
	fmt.Fprintf(w, "      accept that? If it is the same work, %s with this in the scenario's file (--adapt writes it there):\n", then)
	for _, line := range p.Lines {
		fmt.Fprintf(w, "        %s\n", line)
	}
}

func printIndented(w io.Writer, prefix, text string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			fmt.Fprintf(w, "        %s%s\n", prefix, line)
		}
	}
}
