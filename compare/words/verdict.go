package words

import (
	"fmt"

	"taskbench/compare"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

// rankNote marks verdicts that Student's t did not give.
const rankNote = "judged by ranks (Hodges–Lehmann estimate, exact signed-rank interval): the pairs scatter too unevenly for a mean"

// manyPairs are more than anybody measures: the machine is too noisy.
const manyPairs = 200

// verdictText is the verdict with its size: "slower 4.4 %", "parity,
// measurable 1.2 %", "inconclusive ±8.1 %, ~25 pairs".
func verdictText(m *figure.Figure, v *compare.Verdict, detail int) string {
	text := m.Word(v.Verdict)
	switch {
	case v.Verdict == stats.Faster || v.Verdict == stats.Slower:
		return text + " " + figure.Size(v.Ratio)
	case v.Verdict == stats.Parity && v.Measurable > 0 && detail > 0:
		return text + ", measurable " + figure.Size(v.Ratio)
	case v.Verdict != stats.Inconclusive || v.HalfWidth == 0 || barred(v):
		return text
	}
	if detail > 1 {
		text += " ±" + figure.Size(1+v.HalfWidth)
	}
	switch {
	case detail == 0 || v.PairsNeeded == 0:
		return text
	case v.PairsNeeded > manyPairs:
		return text + fmt.Sprintf(", >%d pairs", manyPairs)
	}
	return text + fmt.Sprintf(", ~%d pairs", v.PairsNeeded)
}

// reservations are the footnotes of a verdict.
func reservations(v *compare.Verdict) []string {
	var list []string
	if v.Method == stats.SignedRank {
		list = append(list, rankNote)
	}
	if barred(v) {
		list = append(list, Sentence(v.Reason))
	} else if v.Missing > 0 {
		list = append(list, figure.Count(v.Missing, "pair")+" without this figure")
	}
	return append(list, Sentences(v.Notes)...)
}

// barred reports whether more than noise stands against a verdict.
func barred(v *compare.Verdict) bool {
	return v.Verdict == stats.Inconclusive && (!v.Unstable.IsZero() || len(v.Invalid) > 0 || !v.CI.Known())
}

// Verdict is a judgement in a few words: "slower by 7.3 %", "parity, measurable
// 1.2 %", "inconclusive (±8.1 %, about 25 pairs would decide)".
func Verdict(j stats.Judgement) string {
	switch {
	case j.Verdict == stats.Faster || j.Verdict == stats.Slower:
		return fmt.Sprintf("%s by %s", j.Verdict, figure.Size(j.Ratio))
	case j.Verdict == stats.Parity && j.Measurable > 0:
		return "parity, measurable " + figure.Size(j.Ratio)
	case j.Verdict == stats.Inconclusive && j.HalfWidth > 0 && j.PairsNeeded > 0:
		return fmt.Sprintf("inconclusive (±%s, about %d pairs would decide)", figure.Size(1+j.HalfWidth), j.PairsNeeded)
	case j.Verdict == stats.Inconclusive && j.HalfWidth > 0:
		return fmt.Sprintf("inconclusive (±%s)", figure.Size(1+j.HalfWidth))
	}
	return string(j.Verdict)
}
