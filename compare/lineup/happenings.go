package lineup

import (
	"strings"
	"unicode"

	"taskbench/compare/finding"
	"taskbench/results"
)

// Noted is what a document says of itself.
func Noted(target, text string) finding.Finding {
	return finding.Finding{Code: finding.Noted, Target: target, Said: []string{text}}
}

// Why is what a trial that does not count says of it, and what to do about it.
func Why(t results.Trial) []string {
	if t.Hint == "" {
		return []string{t.Error}
	}
	return []string{t.Error, t.Hint}
}

// Happening is a thing that happened in several trials: the first finding of it,
// and in how many more trials there was one.
type Happening struct {
	finding.Finding
	more int
}

// With is the finding with the number of further trials, where there are any.
func (k Happening) With(name string) finding.Finding {
	f := k.Finding
	if k.more > 0 {
		f.Values = finding.Values{name: float64(k.more)}
		for name, v := range k.Values {
			f.Values[name] = v
		}
	}
	return f
}

// Alike tells once what happened in several trials; figures in it may differ
// from trial to trial.
func Alike(trials []results.Trial, of func(results.Trial) []finding.Finding) []Happening {
	var list []Happening
	at := map[string]int{}
	for _, t := range trials {
		for _, f := range of(t) {
			k := string(f.Code) + f.Step + wordsOnly(strings.Join(f.Said, "\n"))
			if i, seen := at[k]; seen {
				list[i].more++
				continue
			}
			f.Pairs = []int{t.Pair}
			at[k] = len(list)
			list = append(list, Happening{Finding: f})
		}
	}
	return list
}

// wordsOnly is a text without its figures.
func wordsOnly(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || r == '.' || r == ',' {
			return -1
		}
		return r
	}, text)
}

// Grows is what a scenario leaves behind.
func Grows(m *results.Measurement) finding.Finding {
	return finding.Finding{Code: finding.Grows, Said: m.Grows}
}

// Statuses are all answers of a step by status.
func Statuses(counts map[string]uint64) finding.Finding {
	f := finding.Finding{Code: finding.Statuses, Values: finding.Values{}}
	for status, n := range counts {
		f.Values[status] = float64(n)
	}
	return f
}
