package sentences

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
)

// said is how the findings of one code are told.
type said struct {
	// say makes the sentence, without the target unless whole is set.
	say   func(finding.Finding) string
	whole bool
	// leads tells that what more there is follows after a colon; else it is
	// joined by joint, "; " where it has none.
	leads bool
	joint string
}

// known say each finding, by its code.
var known = gathered(flagSentences, noteSentences, reasonSentences, answerSentences, verdictSentences, adviceSentences, gateSentences, courseSentences, microSentences, ledgerSentences, capacitySentences)

// gathered is one table of several; a code in two of them is a fault.
func gathered(tables ...map[finding.Code]said) map[finding.Code]said {
	all := map[finding.Code]said{}
	for _, t := range tables {
		for code, s := range t {
			if _, twice := all[code]; twice {
				panic("two sentences for " + string(code))
			}
			all[code] = s
		}
	}
	return all
}

// always is the sentence of a finding without figures.
func always(text string) said { return said{say: func(finding.Finding) string { return text }} }

// quoted is what others said, behind a few words of ours.
func quoted(before string) said {
	return said{say: func(f finding.Finding) string { return before + inSentence(strings.Join(f.Said, "; ")) }}
}

// inSentence is a text of several lines, such as a server's last ones, within a
// sentence. A line that has a mark at its end needs none.
func inSentence(text string) string {
	return lineEnd.ReplaceAllStringFunc(strings.TrimSpace(text), func(end string) string {
		if mark := strings.TrimSpace(end); mark != "" {
			return mark + " "
		}
		return "; "
	})
}

var lineEnd = regexp.MustCompile(`[:;,.!?]?\s*[\r\n]\s*`)

// about is a sentence with the target where %s stands.
func about(format string) said {
	return said{whole: true, say: func(f finding.Finding) string { return fmt.Sprintf(format, f.Target) }}
}

func (s said) leading() said { s.leads = true; return s }

// Of says a finding with all that belongs to it; "" for none.
func Of(f finding.Finding) string {
	if f.IsZero() {
		return ""
	}
	how := known[f.Code]
	text := string(f.Code)
	if how.say != nil {
		text = how.say(f)
	}
	if f.Target != "" && !how.whole {
		text = f.Target + ": " + text
	}
	for i, more := range f.More {
		joint := "; "
		switch {
		case how.leads && i == 0:
			joint = ": "
		case known[more.Code].joint != "":
			joint = known[more.Code].joint
		}
		text += joint + Of(more)
	}
	return text
}

// All says findings, one after the other.
func All(list []finding.Finding) []string {
	texts := make([]string, len(list))
	for i, f := range list {
		texts[i] = Of(f)
	}
	return texts
}

// number is "2 trials", of a value that is a number of things.
func number(f finding.Finding, value, what string) string {
	return figure.Count(int(f.Values[value]), what)
}

// quote is the n-th thing that was said; "" where a document has not so many.
func quote(f finding.Finding, n int) string {
	if n < len(f.Said) {
		return f.Said[n]
	}
	return ""
}

// pair is the first pair that a finding is about.
func pair(f finding.Finding) int {
	if len(f.Pairs) == 0 {
		return 0
	}
	return f.Pairs[0]
}

// some names the first three of a list.
func some(numbers []int) string {
	names := make([]string, 0, 4)
	for _, n := range numbers[:min(len(numbers), 3)] {
		names = append(names, fmt.Sprint(n))
	}
	if more := len(numbers) - 3; more > 0 {
		names = append(names, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// grouped is a value that counts things.
func grouped(f finding.Finding, value string) string { return figure.Grouped(uint64(f.Values[value])) }

// statusList is "201 ×3,988, 500 ×12", in the order of the codes.
func statusList(f finding.Finding) string {
	if len(f.Values) == 0 {
		return "statuses unknown"
	}
	var list []string
	for _, status := range slices.Sorted(maps.Keys(f.Values)) {
		list = append(list, fmt.Sprintf("%s ×%s", status, grouped(f, status)))
	}
	return "statuses " + strings.Join(list, ", ")
}

// Join leaves out what is empty.
func Join(with string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), with)
}
