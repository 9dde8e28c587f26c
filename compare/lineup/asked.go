package lineup

import (
	"taskbench/compare/finding"
	"taskbench/internal/source"
	"taskbench/results"
)

// Asked is all that two measurements must have in common for their figures to be held
// against each other.
type Asked struct {
	Hash   string // of the scenario
	Load   results.Load
	Sender results.Sender
}

// Different says what makes two measurements incomparable: what was asked in the
// other; zero for nothing.
func (a Asked) Different(other Asked) finding.Finding {
	held := func(code finding.Code, unit string, a, b float64) finding.Finding {
		return finding.Finding{Code: code, Values: finding.Values{unit: b, "baseline_" + unit: a}}
	}
	here, there := other.Load, a.Load
	switch {
	case a.Hash != other.Hash:
		return finding.Finding{Code: finding.OtherScenario, Said: []string{other.Hash, a.Hash}}
	case a.Sender != other.Sender:
		return finding.Finding{Code: finding.OtherSender, Said: []string{other.Sender.String(), a.Sender.String()}}
	case there.Threads != here.Threads:
		return held(finding.OtherThreads, "threads", float64(there.Threads), float64(here.Threads))
	case there.DurationS != here.DurationS && !(there.DurationAuto && here.DurationAuto):
		return held(finding.OtherDuration, "s", there.DurationS, here.DurationS)
	case there.WarmupS != here.WarmupS:
		return held(finding.OtherWarmup, "s", there.WarmupS, here.WarmupS)
	case there.TimeoutS != here.TimeoutS:
		return held(finding.OtherTimeout, "s", there.TimeoutS, here.TimeoutS)
	case there.Rate != here.Rate || there.Arrival != here.Arrival:
		return finding.Finding{Code: finding.OtherRate, Said: []string{here.Model(), there.Model()}}
	case there.Think != here.Think:
		return finding.Finding{Code: finding.OtherThink, Said: []string{here.Think, there.Think}}
	}
	return finding.Finding{}
}

// sentAlike is an error where documents' load was not sent with the same: pages of most
// kinds have no place for figures that must not stand beside each other.
func sentAlike(entrants []Entrant) error {
	first := entrants[0]
	for _, e := range entrants[1:] {
		if here, there := e.Doc.Sender(), first.Doc.Sender(); here != there {
			return source.Errorf(source.Position{}, "name one session: taskbench results list shows them",
				"%s was loaded by %s, and %s by %s: engines and numbers of hosts have costs of their own, and are never compared", first.Label, there, e.Label, here)
		}
	}
	return nil
}
