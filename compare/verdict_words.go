package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"math"
	"slices"

	"taskbench/compare/stats"
)

// rankNote marks verdicts that Student's t did not give.
const rankNote = "judged by ranks (Hodges–Lehmann estimate, exact signed-rank interval): the pairs scatter too unevenly for a mean"

// manyPairs are more than anybody measures: the machine is too noisy.
const manyPairs = 200

// verdictText is the verdict with its size: "slower 4.4 %", "parity,
// measurable 1.2 %", "inconclusive ±8.1 %, ~25 pairs".
func verdictText(m *figure.Figure, v *Verdict, detail int) string {
	text := m.Word(v.Verdict)
	switch {
	case v.Verdict == stats.Faster || v.Verdict == stats.Slower:
		return text + " " + size(v.Ratio)
	case v.Verdict == stats.Parity && v.Measurable > 0 && detail > 0:
		return text + ", measurable " + size(v.Ratio)
	case v.Verdict != stats.Inconclusive || v.HalfWidth == 0 || v.barred():
		return text
	}
	if detail > 1 {
		text += " ±" + size(1+v.HalfWidth)
	}
	switch {
	case detail == 0 || v.PairsNeeded == 0:
		return text
	case v.PairsNeeded > manyPairs:
		return text + fmt.Sprintf(", >%d pairs", manyPairs)
	}
	return text + fmt.Sprintf(", ~%d pairs", v.PairsNeeded)
}

// size is how far a ratio is from 1, the same both ways: a factor of 1.05 is
// 5 %, and so is one of 1/1.05.
func size(ratio float64) string {
	p := 100 * (math.Exp(math.Abs(math.Log(ratio))) - 1)
	if p >= 1000 {
		return ratioText(1+p/100) + "×"
	}
	return figure.Fixed(p, 1) + " %"
}

// marks are the footnotes of a verdict.
func marks(v *Verdict, notes *footnotes) string {
	text := ""
	if v.Method == stats.SignedRank {
		text += notes.mark(rankNote)
	}
	if v.barred() {
		text += notes.mark(v.Reason)
	} else if v.Missing > 0 {
		text += notes.mark(fmt.Sprintf("%s without this figure", figure.Count(v.Missing, "pair")))
	}
	for _, n := range v.Notes {
		text += notes.mark(n)
	}
	return text
}

// barred reports whether more than noise stands against a verdict.
func (v *Verdict) barred() bool {
	return v.Verdict == stats.Inconclusive && (v.Unstable != "" || len(v.Invalid) > 0 || !v.CI.Known())
}

// legend says once under a table why verdicts are only indicative.
func legend(rows []Row) []string {
	var lines []string
	for _, r := range rows {
		for _, c := range r.Cells {
			if c.Ratio == nil || c.Ratio.Verdict == nil || c.Ratio.Verdict.Verdict != stats.Indicative {
				continue
			}
			if l := "indicative: " + c.Ratio.Verdict.Reason; !slices.Contains(lines, l) {
				lines = append(lines, l)
			}
		}
	}
	return lines
}
