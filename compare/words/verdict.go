package words

import (
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
)

// rankNote marks verdicts that Student's t did not give.
const rankNote = "judged by ranks (Hodges–Lehmann estimate, exact signed-rank interval): the pairs scatter too unevenly for a mean"

// verdictText is what is stated, with the change of the figure: "slower −4.4 %",
// "parity, measurable −1.2 %"; where nothing is, its interval: "undecided −9 to +4 %".
func verdictText(m *figure.Figure, v *verdict.Verdict, d detail) string {
	text := m.Word(v.Verdict)
	switch {
	case v.Verdict == stats.Faster || v.Verdict == stats.Slower:
		return text + " " + figure.Change(v.Ratio, v.CI)
	case v.Verdict == stats.Parity && v.Measurable > 0 && d.words > 0:
		return text + ", measurable " + figure.Change(v.Ratio, v.CI)
	case v.Verdict == stats.Inconclusive && v.CI.Known() && d.words == 0 && d.interval:
		return undecided // the interval stands beside it
	case v.Verdict == stats.Inconclusive && v.CI.Known():
		return undecided + " " + figure.Signed(v.CI)
	case v.Verdict == stats.Inconclusive:
		return figure.None
	}
	return text
}

// reservations are the footnotes of a verdict.
func reservations(v *verdict.Verdict) []string {
	var list []string
	if v.Method == stats.SignedRank {
		list = append(list, rankNote)
	}
	if barred(v) {
		list = append(list, sentences.Of(v.Reason))
	} else if v.Missing > 0 {
		list = append(list, figure.Count(v.Missing, "pair")+" without this figure")
	}
	return append(list, sentences.All(v.Notes)...)
}

// barred reports whether more than noise stands against a verdict.
func barred(v *verdict.Verdict) bool {
	return v.Verdict == stats.Inconclusive && (!v.Unstable.IsZero() || len(v.Invalid) > 0 || !v.CI.Known())
}

// undecided is what is called neither better, nor worse, nor the same.
const undecided = "undecided"

// Verdict is a judgement on a figure in a few words: "slower −7.3 %", "parity,
// measurable −1.2 %", "undecided −9 to +4 %".
func Verdict(m *figure.Figure, v *verdict.Verdict) string {
	if v.Verdict == stats.Inconclusive && !v.CI.Known() {
		return undecided
	}
	return verdictText(m, v, details[0])
}
