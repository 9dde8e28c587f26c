package stats

import (
	"fmt"
	"math"
	"strings"
)

// Text is the verdict as a table shows it: "slower by 7.3 %", "parity,
// measurable 1.2 %", "inconclusive (±8.1 %, about 25 pairs would decide)".
func (j Judgement) Text() string {
	switch {
	case j.Verdict == Faster || j.Verdict == Slower:
		return fmt.Sprintf("%s by %s", j.Verdict, percent(math.Log(j.Ratio)))
	case j.Verdict == Parity && j.Measurable > 0:
		return fmt.Sprintf("parity, measurable %s", percent(math.Log(j.Ratio)))
	case j.Verdict == Inconclusive && j.HalfWidth > 0:
		return fmt.Sprintf("inconclusive (±%s%s)", percent(j.halfLog()), j.outlook())
	default:
		return string(j.Verdict)
	}
}

// halfLog is the half width of the interval in logs.
func (j Judgement) halfLog() float64 { return math.Log1p(j.HalfWidth) }

// outlook says how many pairs would decide, if that is known.
func (j Judgement) outlook() string {
	if j.PairsNeeded == 0 {
		return ""
	}
	return fmt.Sprintf(", about %d pairs would decide", j.PairsNeeded)
}

// explain writes the sentence behind a verdict taken from enough pairs.
func (j *Judgement) explain(p Plan) {
	var b strings.Builder
	switch {
	case j.Verdict == Parity:
		fmt.Fprintf(&b, "the 90 %% interval %s lies within parity, %s", j.EquivalenceCI, p.parityRange())
		if j.Measurable > 0 {
			fmt.Fprintf(&b, ", though a difference of %s is measurable", percent(math.Log(j.Ratio)))
		}
	case j.Verdict == Inconclusive && !j.CI.Known():
		fmt.Fprintf(&b, "%s are too few for a signed-rank interval at this look", count(j.Pairs))
	case j.Verdict == Inconclusive:
		fmt.Fprintf(&b, "the 95 %% interval %s includes 1 and is too wide for parity (±%s)", j.CI, percent(j.halfLog()))
	default:
		fmt.Fprintf(&b, "the 95 %% interval %s excludes 1", j.CI)
	}
	if j.Verdict == Inconclusive {
		b.WriteString(j.outlook())
	}
	switch {
	case j.Method == SignedRank:
		fmt.Fprintf(&b, "; judged by ranks: %s", j.HeavyTails)
	case j.HeavyTails != "":
		fmt.Fprintf(&b, "; %s", j.HeavyTails)
	}
	if j.SD == 0 && j.Method != "" {
		b.WriteString("; every pair has the same ratio")
	}
	b.WriteString(j.leftOut())
	j.Reason = b.String()
}

// leftOut names the pairs that could not be used.
func (j *Judgement) leftOut() string {
	s := ""
	if j.Missing > 0 {
		s += fmt.Sprintf("; %s not measured on both sides", count(j.Missing))
	}
	var broken []string
	if len(j.Invalid) > 0 {
		broken = append(broken, "in pair "+some(j.Invalid))
	}
	if len(j.InvalidThen) > 0 {
		broken = append(broken, "then in pair "+some(j.InvalidThen))
	}
	if len(broken) > 0 {
		s += "; zero, negative or infinite value " + strings.Join(broken, ", and ")
	}
	return s
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

// parityRange is the margin as ratios: "0.952–1.050".
func (p Plan) parityRange() string { return Interval{1 / (1 + p.Margin), 1 + p.Margin}.String() }

// String writes an interval as "0.952–1.050".
func (i Interval) String() string {
	if !i.Known() {
		return "unknown"
	}
	return fmt.Sprintf("%s–%s", ratioText(i.Low), ratioText(i.High))
}

// ratioText keeps ordinary ratios aligned and extreme ones short.
func ratioText(r float64) string {
	if r >= 0.01 && r < 1000 {
		return fmt.Sprintf("%.3f", r)
	}
	return fmt.Sprintf("%.3g", r)
}

func count(n int) string {
	if n == 1 {
		return "1 pair"
	}
	return fmt.Sprintf("%d pairs", n)
}
