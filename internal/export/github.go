package export

import (
	"fmt"
	"io"
	"strings"

	"taskbench/compare/gate"
	"taskbench/compare/stats"
	"taskbench/internal/plain"
)

// GitHub shows this many annotations of a kind for one step of a job.
const annotationsShown = 10

// Annotations writes a gate's decisions as workflow commands of GitHub Actions:
// a notice with each headline, an error for each failure, a warning for each warning, and one notice for
// all that is undecided (an error where the gate is strict). What would be more
// than GitHub shows is counted in the last of its kind.
func Annotations(w io.Writer, g *gate.Report) error {
	var failed, warned, undecided []string
	for _, d := range g.Decisions {
		text := fmt.Sprintf("%s %s: %s", plain.Clean(d.Scenario), subject(d), decisionText(d))
		switch d.Outcome {
		case stats.Failed:
			failed = append(failed, text)
		case stats.Warned:
			warned = append(warned, text)
		case stats.Undetermined:
			undecided = append(undecided, text)
		}
	}
	var b strings.Builder
	for _, h := range headlines(g) {
		annotate(&b, "notice", h.target+" against "+plain.Clean(g.Baseline)+": "+h.Word, []string{h.text})
	}
	annotate(&b, "error", "slower than the gate allows", failed)
	annotate(&b, "warning", "slower", warned)
	if n := len(undecided); n > 0 {
		kind := "notice"
		if g.Rule.Mode == stats.Strict {
			kind = "error"
		}
		annotate(&b, kind, "undecided", []string{fmt.Sprintf("%d not decided, such as %s", n, undecided[0])})
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// subject is "p95 (windjammer)"; a microbenchmark has but one figure.
func subject(d gate.Decision) string {
	if d.Metric == nil || d.Micro() {
		return "(" + plain.Clean(d.Target) + ")"
	}
	return fmt.Sprintf("%s (%s)", d.Metric.Name, plain.Clean(d.Target))
}

func annotate(b *strings.Builder, kind, title string, texts []string) {
	if n := len(texts); n > annotationsShown {
		texts = append(texts[:annotationsShown-1:annotationsShown-1], fmt.Sprintf("and %d more: see the job summary", n-annotationsShown+1))
	}
	for _, text := range texts {
		fmt.Fprintf(b, "::%s title=%s::%s\n", kind, property("taskbench: "+title), data(text))
	}
}

// The escapes of the runner's command parser: fewer in a message than in a
// property, which ends at a comma or colon.
var (
	dataEscapes     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func data(text string) string     { return dataEscapes.Replace(text) }
func property(text string) string { return propertyEscapes.Replace(text) }
