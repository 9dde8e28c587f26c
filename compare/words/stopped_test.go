package words

import (
	"slices"
	"testing"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/sentences"
)

func TestStoppedForWrongAnswersSaysSo(t *testing.T) {
	t.Parallel()
	s := compare.Scenario{Name: "x", State: compare.Failed, Pairs: []int{1}, Planned: 6, Sides: []compare.Side{{Target: "a"}}}
	if got, want := pairsText(s), "stopped after 1 of 6 pairs: wrong answers have no speed"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for name, change := range map[string]func(*compare.Scenario){
		"not failed":   func(s *compare.Scenario) { s.State = compare.Compared },
		"all measured": func(s *compare.Scenario) { s.Planned = 1 },
		"interrupted":  func(s *compare.Scenario) { s.Planned = 0 },
		"never loaded": func(s *compare.Scenario) { s.Sides[0].Refused = "status 500" },
	} {
		other := s
		other.Sides = slices.Clone(s.Sides)
		change(&other)
		if got := pairsText(other); got != "1 pair" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestWhatNobodyMeasuredIsNotChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sum  compare.ExpectationSum
		want string
	}{
		{compare.ExpectationSum{}, ""},
		{compare.ExpectationSum{Unchecked: 2}, "not checked (2)"},
		{compare.ExpectationSum{Met: 3, Missed: 1, Unchecked: 1}, "3 of 4 (1 not checked)"},
		{compare.ExpectationSum{Met: 3, Missed: 1}, "3 of 4"},
	} {
		if got := metText(c.sum); got != c.want {
			t.Errorf("%+v: %q, want %q", c.sum, got, c.want)
		}
	}
}

func TestHintStandsOnItsOwnLine(t *testing.T) {
	t.Parallel()
	why := compare.Side{Target: "go", State: compare.Unmeasured, Reason: finding.Finding{Code: finding.NoTrialWorked, Target: "go", Said: []string{"no answer in 1s"}}, Hint: "is it stuck?"}.Problems()
	if len(why) != 1 || below(why[0]) != "hint: is it stuck?" || sentences.Of(why[0].Finding) != "no trial of go worked: no answer in 1s" {
		t.Errorf("%+v", why)
	}
	lines := leftOutLines(compare.Scenario{LeftOut: []compare.LeftOut{{Pair: 1, Target: "go", Reason: finding.Finding{Code: finding.TrialFailed, Said: []string{"no answer in 1s"}}, Hint: "is it stuck?"}}})
	if want := []string{"pair 1 is not counted: go: no answer in 1s", "hint: is it stuck?"}; !slices.Equal(lines, want) {
		t.Errorf("%q, want %q", lines, want)
	}
}
