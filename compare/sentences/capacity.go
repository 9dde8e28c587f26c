package sentences

import (
	"fmt"
	"strings"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
)

// capacitySentences are about searches that did not find all that they looked for.
var capacitySentences = map[finding.Code]said{
	finding.CapacityNever: {say: func(f finding.Finding) string {
		text := fmt.Sprintf("the objective does not hold even at %s, the lowest rate that was tried", perSecond(f, "least_per_s"))
		if len(f.Said) > 0 {
			text += " (not met: " + strings.Join(f.Said, ", ") + ")"
		}
		return text + ": ask for less with --objective, or look lower with --from"
	}},
	finding.CapacityAlways: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the objective holds up to %s, the highest rate that was to be tried: look higher with --to", perSecond(f, "most_per_s"))
	}},
	finding.CapacityGenerator: {say: func(f finding.Finding) string {
		return because(f, fmt.Sprintf("the objective holds at %s, and no higher rate could be sent from here: it carries at least so much", perSecond(f, "rate_per_s")))
	}},
	finding.CapacityUnknown: {say: func(f finding.Finding) string {
		if f.Values["trials"] == 0 {
			return "nothing was measured"
		}
		return because(f, "no rate was found in "+number(f, "trials", "trial"))
	}},
	finding.CapacityRepeats: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s of %s found both bounds", figure.Plain(f.Values["repeats"]), number(f, "planned", "repeat"))
	}},
	finding.CapacityEnded: {say: func(f finding.Finding) string {
		return because(f, fmt.Sprintf("it ended in %s of %s, which therefore exceed", figure.Plain(f.Values["trials_ended"]), number(f, "trials", "trial")))
	}},
	finding.CapacityVoid: {say: func(f finding.Finding) string {
		return because(f, fmt.Sprintf("%s of %s say nothing of the server and were repeated", figure.Plain(f.Values["trials_void"]), number(f, "trials", "trial")))
	}},
}

// because has the reason behind a sentence, where there is one.
func because(f finding.Finding, text string) string {
	if why := quote(f, 0); why != "" {
		return text + ": " + inSentence(why)
	}
	return text
}
