package words

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

var wordTexts = map[compare.Word]page.Headline{
	compare.IsSlower:   {Word: "SLOWER", Mood: page.Bad},
	compare.IsFaster:   {Word: "FASTER", Mood: page.Good},
	compare.IsSame:     {Word: "SAME", Mood: page.Strong},
	compare.IsMixed:    {Word: "MIXED", Mood: page.Strong},
	compare.IsOpen:     {Word: "UNDECIDED", Mood: page.Strong},
	compare.IsWrong:    {Word: "WRONG ANSWERS", Mood: page.Bad},
	compare.IsNotThere: {Word: "NOT COMPARED", Mood: page.Strong},
}

// Headlines are the answers, one for each candidate: what every page of load
// tests says first.
func Headlines(c *compare.Comparison) []page.Headline {
	var list []page.Headline
	for _, h := range c.Summary.Headline {
		block := wordTexts[h.Word]
		var lines []string
		for _, l := range headlineLines(c, h) {
			if l != "" {
				lines = append(lines, l)
			}
		}
		if len(c.Summary.Headline) > 1 && len(lines) > 0 {
			lines[0] = h.Target + ": " + lines[0]
		}
		block.Items = page.Sentences(lines)
		list = append(list, block)
	}
	return list
}

func headlineBlocks(c *compare.Comparison) []page.Block {
	var list []page.Block
	for _, h := range Headlines(c) {
		list = append(list, h)
	}
	return list
}

// HeadlineText is a headline as plain text, a line for each of its sentences, the
// word before the first: what has no form for it begins with that.
func HeadlineText(h page.Headline) string {
	var lines []string
	for _, item := range h.Items {
		lines = append(lines, item.Text)
	}
	return sentences.Join(" ", h.Word, strings.Join(lines, "\n"))
}

// withHeadlines has the text of each, in a copy.
func withHeadlines(c *compare.Comparison, list []compare.Headline) []compare.Headline {
	list = slices.Clone(list)
	for i, b := range Headlines(c) {
		list[i].Text = HeadlineText(b)
	}
	return list
}

// comparisonData is a comparison with all its sentences, for JSON.
func comparisonData(c *compare.Comparison) *compare.Comparison {
	told := sentences.WithTexts(c)
	told.Summary.Headline = withHeadlines(c, told.Summary.Headline)
	wordedSummary(&told.Summary)
	for _, s := range told.Scenarios {
		worded(s.Rows)
	}
	return told
}

func headlineLines(c *compare.Comparison, h compare.Headline) []string {
	switch h.Word {
	case compare.IsWrong:
		return []string{wrongLine(c, h)}
	case compare.IsNotThere:
		return []string{notThereLine(c)}
	case compare.IsOpen:
		return []string{costsFirst(c, h), openLine(c, h), sentences.Join(" · ", countsLine(c, h), goodLine(c, h))}
	case compare.IsMixed:
		texts := slices.Concat(speedsIn(c, h), overAll(c, changeTexts(h, true)), costsIn(c, h))
		return []string{sentences.Join(", ", texts...), sentences.Join(" · ", countsLine(c, h), goodLine(c, h))}
	}
	return []string{provenLine(c, h), sentences.Join(" · ", countsLine(c, h), goodLine(c, h))}
}

// notThereLine says why nothing is held against each other.
func notThereLine(c *compare.Comparison) string {
	for _, s := range c.Scenarios {
		for _, f := range s.Flags {
			if f.Code == finding.RateUnkept {
				return "the rate was not reached, so no latencies are held against each other: " + sentences.Of(f)
			}
		}
	}
	return "no scenario has figures of both that may be held against each other"
}

// overAll tells changes over all scenarios from those of single ones.
func overAll(c *compare.Comparison, texts []string) []string {
	if len(texts) > 0 && len(c.Scenarios) > 1 {
		texts[0] = "over all scenarios " + texts[0]
	}
	return texts
}

// wrongLine says who answered wrongly where.
func wrongLine(c *compare.Comparison, h compare.Headline) string {
	var who []string
	for i, t := range c.Targets {
		if i == 0 || t.Label == h.Target {
			for _, s := range c.Scenarios {
				if s.Sides[i].State == compare.Failed {
					who = append(who, t.Label)
					break
				}
			}
		}
	}
	return fmt.Sprintf("%s answered not as expected in %s (%s): wrong answers have no speed",
		strings.Join(who, " and "), outOf(c, len(h.Wrong)), strings.Join(h.Wrong, ", "))
}

// outOf is "2 of 6 scenarios".
func outOf(c *compare.Comparison, n int) string {
	return fmt.Sprintf("%d of %s", n, measurements(c, len(c.Scenarios)))
}

// openLine is why nothing was decided.
func openLine(c *compare.Comparison, h compare.Headline) string {
	t, has := h.Change(c.Speed())
	so := ""
	if has {
		so = t.Metric.Name + " " + figure.Change(t.Ratio, t.CI)
	}
	for _, f := range h.Limits {
		switch f.Code {
		case finding.PairsScatter:
			return fmt.Sprintf("this machine cannot show it: %s · %s%s", sentences.Of(f), so, bracketed(t.CI))
		case finding.WithinFloor:
			return fmt.Sprintf("%s%s is not stated: two starts of one program may differ by %s", so, bracketed(t.CI), figure.Round(f.Values["floor_fraction"]))
		default:
			return sentences.Join(": ", sentences.Join(" is only a hint: ", so, sentences.Of(f)))
		}
	}
	return so
}

// bracketed is an interval with its signs, where it is known: " (−9 to +4 %)".
func bracketed(ci stats.Interval) string {
	if !ci.Known() {
		return ""
	}
	return " (" + figure.Signed(ci) + ")"
}

// costsFirst is what is stated of costs where nothing is of speed.
func costsFirst(c *compare.Comparison, h compare.Headline) string {
	var texts []string
	for _, x := range h.Changes {
		if x.Stated && x.Metric.Words != nil && len(texts) == 0 {
			text := statedText(x)
			if n := max(len(x.Slower), len(x.Faster)); n > 0 && len(c.Scenarios) > 1 && differs(x) {
				text += fmt.Sprintf(", proven in %d of %s", n, measurements(c, comparedIn(h)))
			}
			texts = append(texts, text)
		}
	}
	if texts = append(texts, costsIn(c, h)...); len(texts) == 0 {
		return ""
	}
	return "in speed; proven: " + strings.Join(texts, ", ")
}

func comparedIn(h compare.Headline) int {
	return len(h.Slower) + len(h.Same) + len(h.Faster) + len(h.Mixed) + len(h.Undecided)
}

// provenLine is the changes over all scenarios that are stated, else those of
// single scenarios.
func provenLine(c *compare.Comparison, h compare.Headline) string {
	texts := append(changeTexts(h, false), costsIn(c, h)...)
	if h.Word == compare.IsSame && speedStated(h) || speedChanged(h) {
		return strings.Join(texts, ", ")
	}
	text := strings.Join(slices.Concat(speedsIn(c, h), overAll(c, changeTexts(h, false)), costsIn(c, h)), ", ")
	if t, has := h.Change(c.Speed()); has && !t.Stated && len(c.Scenarios) > 1 {
		text += fmt.Sprintf("; over all scenarios %s %s%s, undecided", t.Metric.Name, figure.Change(t.Ratio, t.CI), bracketed(t.CI))
	}
	return text
}

// speedChanged reports whether somebody is slower or faster over all scenarios.
func speedChanged(h compare.Headline) bool {
	return slices.ContainsFunc(h.Changes, func(c compare.Change) bool { return differs(c) && c.Metric.Words == nil })
}

func speedStated(h compare.Headline) bool {
	return slices.ContainsFunc(h.Changes, func(c compare.Change) bool { return c.Stated && c.Metric.Words == nil })
}

// changeTexts are the changes that are stated: of throughput, else of p95, and of
// CPU time; all are those that are not, too.
func changeTexts(h compare.Headline, all bool) []string {
	var texts []string
	speed := false
	for _, c := range h.Changes {
		isSpeed := c.Metric.Words == nil
		switch {
		case !c.Stated && !all, isSpeed && speed:
		case c.Stated:
			texts, speed = append(texts, statedText(c)), speed || isSpeed
		case isSpeed || c.Metric.Equal(figure.CPUPerAnswer):
			texts, speed = append(texts, fmt.Sprintf("%s %s%s, undecided", c.Metric.Name, figure.Change(c.Ratio, c.CI), bracketed(c.CI))), speed || isSpeed
		}
	}
	return texts
}

// what changes are called: of more, of less, of the same.
var changeNames = map[string][3]string{
	figure.Throughput.Key:      {"more throughput", "less throughput", "throughput"},
	figure.P50.Key:             {"longer p50", "shorter p50", "p50"},
	figure.P95.Key:             {"longer p95", "shorter p95", "p95"},
	figure.CPUPerAnswer.Key:    {"more CPU time for each answer", "less CPU time for each answer", "CPU time for each answer"},
	figure.InstructionsPer.Key: {"more instructions for each answer", "fewer instructions for each answer", "instructions for each answer"},
}

// statedText is "7 % less throughput (5 to 9 %)", "3.5 times the throughput (3.1
// to 3.9 times)", "the same throughput within 5 % (−1 to +2 %)".
func statedText(c compare.Change) string {
	names := changeNames[c.Metric.Key]
	switch {
	case c.Verdict == stats.Parity:
		return fmt.Sprintf("the same %s%s", names[2], bracketed(c.CI))
	case c.Ratio >= 1.95:
		return fmt.Sprintf("%s the %s (%s)", figure.Change(c.Ratio, c.CI), names[2], figure.Spread(c.CI))
	case c.Ratio > 1:
		return fmt.Sprintf("%s %s (%s)", strings.TrimLeft(figure.Change(c.Ratio, c.CI), "+"), names[0], figure.Spread(c.CI))
	}
	return fmt.Sprintf("%s %s (%s)", strings.TrimLeft(figure.Change(c.Ratio, c.CI), "−"), names[1], figure.Spread(c.CI))
}

// countsLine is "5 of 6 scenarios slower, 1 the same, none faster"; "" where
// there is one.
func countsLine(c *compare.Comparison, h compare.Headline) string {
	n := comparedIn(h)
	if n < 2 {
		return ""
	}
	parts := []struct {
		names []string
		word  string
		named bool
	}{{h.Slower, "slower", true}, {h.Faster, "faster", true}, {h.Mixed, "slower and faster", true}, {h.Same, "the same", false}, {h.Undecided, "undecided", false}}
	var texts []string
	for _, p := range parts {
		if len(p.names) == 0 {
			continue
		}
		text := fmt.Sprintf("%d %s", len(p.names), p.word)
		if len(texts) == 0 {
			text = fmt.Sprintf("%d of %s %s", len(p.names), measurements(c, n), p.word)
		}
		if p.named && len(p.names) < n && len(p.names) <= 3 {
			text += " (" + strings.Join(p.names, ", ") + ")"
		}
		texts = append(texts, text)
	}
	switch {
	case len(h.Slower)+len(h.Mixed) == 0 && len(h.Faster) > 0:
		texts = append(texts, "none slower")
	case len(h.Faster)+len(h.Mixed) == 0 && len(h.Slower) > 0:
		texts = append(texts, "none faster")
	}
	return strings.Join(texts, ", ")
}

// goodLine is that all answers were right, where everything was measured.
func goodLine(c *compare.Comparison, h compare.Headline) string {
	missing := len(c.Scenarios) - comparedIn(h) - len(h.Wrong)
	if missing > 0 {
		return fmt.Sprintf("%s not compared", outOf(c, missing))
	}
	for _, s := range c.Scenarios {
		if r, ok := s.Row(figure.Errors); ok && !spotless(r) {
			return ""
		}
	}
	if slices.ContainsFunc(c.Scenarios, func(s compare.Scenario) bool { return len(s.LeftOut) > 0 }) {
		return "every answer that counts was as expected (some pairs do not: see below)"
	}
	return "every answer was as expected"
}

// adviceLine is what would decide it, the best first.
func adviceLine(h compare.Headline) string {
	texts := sentences.All(h.Advice)
	if len(texts) == 0 {
		return ""
	}
	return "To decide it, best first: " + strings.Join(texts, " · ")
}
