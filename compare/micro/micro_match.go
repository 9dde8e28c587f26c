package micro

import (
	"fmt"
	"regexp"
	"strings"

	"taskbench/compare/finding"
	"taskbench/internal/source"
	"taskbench/results"
)

// Match pairs benchmarks that are named differently: each * of the two
// patterns stands for the same text, in the same order.
type Match struct {
	text      string
	baseline  string // with * where the candidate's text goes
	candidate *regexp.Regexp
}

// ParseMatch reads BASELINE=CANDIDATE, such as "json/*=wj_json/*": the
// candidate's wj_json/encode is then compared with the baseline's json/encode.
// Both sides must have as many *.
func ParseMatch(text string) (Match, error) {
	const hint = "write it like --match 'json/*=wj_json/*'"
	baseline, candidate, found := strings.Cut(text, "=")
	switch {
	case !found || baseline == "" || candidate == "":
		return Match{}, source.Errorf(source.Position{}, hint, "%q is not BASELINE=CANDIDATE", text)
	case strings.Count(baseline, "*") != strings.Count(candidate, "*"):
		return Match{}, source.Errorf(source.Position{}, hint, "%q has not as many * on both sides", text)
	}
	parts := strings.Split(candidate, "*")
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	return Match{text, baseline, regexp.MustCompile("^(?s:" + strings.Join(parts, "(.*?)") + ")$")}, nil
}

// ParseMatches reads several. Errors name the flag that they come from.
func ParseMatches(texts []string) (list []Match, err error) {
	for _, text := range texts {
		m, err := ParseMatch(text)
		if err != nil {
			return nil, fmt.Errorf("--match: %w", err)
		}
		list = append(list, m)
	}
	return list, nil
}

// of gives the baseline's name of a candidate's benchmark; false when the
// pattern does not fit.
func (m Match) of(id string) (string, bool) {
	found := m.candidate.FindStringSubmatch(id)
	if found == nil {
		return "", false
	}
	name := m.baseline
	var b strings.Builder
	for _, text := range found[1:] {
		before, after, _ := strings.Cut(name, "*")
		b.WriteString(before + text)
		name = after
	}
	return b.String() + name, true
}

// rename gives the candidates' benchmarks the baseline's names. Ids that are
// the same on both sides stay paired with each other; the first pattern
// that leads to a benchmark of the baseline wins.
func rename(sides []side, matches []Match) []finding.Finding {
	var notes []finding.Finding
	used := make([]bool, len(matches))
	for i := 1; i < len(sides) && len(matches) > 0; i++ {
		notes = append(notes, sides[i].rename(sides[0], matches, used)...)
	}
	for i, m := range matches {
		if !used[i] && len(sides) > 1 {
			notes = append(notes, finding.Finding{Code: finding.MatchUnused, Said: []string{m.text}})
		}
	}
	return notes
}

func (s *side) rename(base side, matches []Match, used []bool) []finding.Finding {
	var notes []finding.Finding
	names, benchmarks := make([]string, 0, len(s.ids)), make(map[string]*results.Microbenchmark, len(s.ids))
	for _, id := range s.ids {
		if base.benchmarks[id] != nil {
			benchmarks[id] = s.benchmarks[id]
		}
	}
	for _, id := range s.ids {
		name := id
		for i, m := range matches {
			to, fits := m.of(id)
			if base.benchmarks[id] != nil || !fits || base.benchmarks[to] == nil {
				continue
			}
			used[i] = true
			if other := benchmarks[to]; other != nil {
				notes = append(notes, finding.Finding{Code: finding.PairedAlready, Target: s.label, Said: []string{id, to, other.ID}})
				continue
			}
			name = to
			break
		}
		names = append(names, name)
		benchmarks[name] = s.benchmarks[id]
	}
	s.ids, s.benchmarks = names, benchmarks
	return notes
}
