package sentences

import (
	"fmt"
	"strings"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
)

// courseSentences are about what happens over time: leaks and drift.
var courseSentences = map[finding.Code]said{
	finding.LeakWindowShort: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%.0f s after warm-up, at least %.0f s are needed: --duration 60s", f.Values["s"], f.Values["least_s"])
	}},
	finding.SamplesMissing: always("samples are missing: the server was not there all the time"),
	finding.LeakToTheEnd:   always("it rises to the end, by more than noise and warm-up explain"),
	finding.LeakSlowing:    always("it rises ever more slowly: warm-up, or a leak behind it; measure longer"),
	finding.LeakInSteps:    always("it rises in a few steps, as pools and arenas do; measure longer"),
	finding.LeakTeeth: {say: func(f finding.Finding) string {
		return fmt.Sprintf("it rises and falls by up to %s, which would hide a leak; measure longer", figure.Bytes.Print(f.Values["teeth_bytes"]))
	}},
	finding.LeakNotExcluded: {say: func(f finding.Finding) string {
		return fmt.Sprintf("growth of up to %s cannot be ruled out; measure longer", figure.PerMinute(f.Values["bytes_per_s"]))
	}},
	finding.LeakLevelledOff: always("it rose at first and levelled off"),
	finding.NoGrowth: {say: func(f finding.Finding) string {
		return fmt.Sprintf("no growth of %s or more in %.0f s", figure.Bytes.Print(f.Values["least_bytes"]), f.Values["s"])
	}},
	finding.RunsWithVerdict: {joint: " ", say: func(f finding.Finding) string {
		return fmt.Sprintf("(%s of %s)", figure.Plain(f.Values["runs_alike"]), number(f, "runs", "run"))
	}},

	finding.FewWindows: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s after the warm-up, at least %s are needed", number(f, "windows", "window"), figure.Plain(f.Values["least_windows"]))
	}},
	finding.NoWindowTimes: always("the windows have no times that follow each other"),
	finding.Drifted: {say: func(f finding.Finding) string {
		m := figureOf(f)
		return fmt.Sprintf("from %s to %s in %s", m.Text(f.Values["from"]), m.Text(f.Values["to"]), figure.Length(f.Values["s"]))
	}},
	finding.DriftSlowing: always("it changes ever more slowly: warm-up, or drift behind it; soak longer"),
	finding.DriftNotExcluded: {say: func(f finding.Finding) string {
		return fmt.Sprintf("a change of %s in %s cannot be ruled out; soak longer", change(f), figure.Length(f.Values["s"]))
	}},
	finding.LevelledOff: always("it changed at first and levelled off"),
	finding.NoDrift: {say: func(f finding.Finding) string {
		return fmt.Sprintf("no change of %s or more in %s", change(f), figure.Length(f.Values["s"]))
	}},

	finding.NoWindow:         always("no window was measured"),
	finding.WindowNotCounted: inWindow(func(f finding.Finding) string { return "not counted: " + strings.Join(f.Said, "; ") }),
	finding.WindowWrong: inWindow(func(f finding.Finding) string {
		return fmt.Sprintf("step %s: %s of %s answers not as expected", f.Step, grouped(f, "count"), grouped(f, "of"))
	}),
	finding.WindowNoted: inWindow(func(f finding.Finding) string { return quote(f, 0) }),
	finding.MoreNotes: {say: func(f finding.Finding) string {
		return number(f, "notes", "note") + " of other kinds, see the stored document"
	}},
}

// inWindow says where a thing happened first, and in how many more windows.
func inWindow(say func(finding.Finding) string) said {
	return said{whole: true, say: func(f finding.Finding) string {
		where := fmt.Sprintf("window %d", pair(f))
		if more := f.Values["more_windows"]; more > 0 {
			where += fmt.Sprintf(" and %s more", figure.Plain(more))
		}
		return fmt.Sprintf("%s, %s: %s", f.Target, where, say(f))
	}}
}

// change is how much a figure changes, against its middle value.
func change(f finding.Finding) string {
	return figureOf(f).Change(f.Values["change"], f.Values["middle"])
}

// figureOf is the figure that a finding's values are of.
func figureOf(f finding.Finding) *figure.Figure {
	for _, one := range figure.All() {
		if one.Key == f.Metric {
			return one
		}
	}
	return figure.Expected(f.Metric)
}
