package sentences

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

var verdictSentences = map[finding.Code]said{
	finding.DifferenceShown: {say: func(f finding.Finding) string { return fmt.Sprintf("the 95 %% interval %s excludes 1", interval(f)) }},
	finding.ParityShown: {say: func(f finding.Finding) string {
		margin := 1 + f.Values["margin"]
		text := fmt.Sprintf("the 90 %% interval %s lies within parity, %s", interval(f), Between(1/margin, margin))
		if r := f.Values["measurable_ratio"]; r > 0 {
			text += fmt.Sprintf(", though a change of %s is measurable", figure.Change(r, intervalOf(f)))
		}
		return text
	}},
	finding.TooWide: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the 95 %% interval %s includes 1 and is too wide for parity", interval(f)) + outlook(f)
	}},
	finding.TooFewForRanks: {say: func(f finding.Finding) string {
		return number(f, "pairs", "pair") + " are too few for a signed-rank interval at this look" + outlook(f)
	}},
	finding.TooFewPairs: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s, a verdict takes at least %s", number(f, "pairs", "pair"), figure.Plain(f.Values["least_pairs"]))
	}},
	finding.NoUsablePair: always("no pair has usable values on both sides"),
	finding.NothingThenOrNow: {say: func(f finding.Finding) string {
		return fmt.Sprintf("nothing to compare: %s then, %s now", number(f, "pairs_then", "pair"), number(f, "pairs_now", "pair"))
	}},
	finding.MeanUnsure:   always("the geometric mean has no interval"),
	finding.NoRatio:      always("no ratio"),
	finding.UnusableRule: quoted(""),
	finding.OtherMinutes: always("the two sides were not measured in the same minutes, so the machine may have made the difference"),
	finding.NotStated: {leads: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("not stated: among all that the run may say it could be chance (adjusted p = %.2g, of parity %.2g; stated from %.2g down)",
			f.Values["p_adjusted"], f.Values["parity_p_adjusted"], f.Values["alpha"])
	}},
	finding.WithinFloor: {say: func(f finding.Finding) string {
		return fmt.Sprintf("not stated: the interval [%s] reaches within %s, which two starts of one program may differ by", interval(f), figure.Round(f.Values["floor_fraction"]))
	}},
	finding.MayDrift: always("the ratio may drift, so there is no verdict"),
	finding.RatioDrifts: {say: func(f finding.Finding) string {
		way := "better"
		if f.Values["change_ratio"] < 1 {
			way = "worse"
		}
		return fmt.Sprintf("the ratio drifts: the candidate gets %s, by %s a pair (Mann–Kendall p = %.2g)", way, figure.Change(f.Values["metric_ratio"], stats.Interval{}), f.Values["p"])
	}},
	finding.AgainstControl: said{leads: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("ratio to the control, now (%s) over then (%s)", number(f, "pairs_now", "pair"), number(f, "pairs_then", "pair"))
	}},
	finding.JudgedByRanks: always("judged by ranks").leading(),
	finding.WildPair: {say: func(f finding.Finding) string {
		return fmt.Sprintf("a pair is far from the others (modified z %.1f, above %.1f)", f.Values["modified_z"], f.Values["limit"])
	}},
	finding.WildThen: {say: func(f finding.Finding) string {
		return fmt.Sprintf("a pair then is far from the others (modified z %.1f)", f.Values["modified_z"])
	}},
	finding.WildNow: {say: func(f finding.Finding) string {
		return fmt.Sprintf("a pair now is far from the others (modified z %.1f)", f.Values["modified_z"])
	}},
	finding.CentresApart: {say: func(f finding.Finding) string {
		return fmt.Sprintf("mean and Hodges–Lehmann estimate are %.1f standard errors apart", f.Values["standard_errors"])
	}},
	finding.SameRatio:    always("every pair has the same ratio"),
	finding.PairsMissing: {say: func(f finding.Finding) string { return number(f, "pairs", "pair") + " not measured on both sides" }},
	finding.PairsInvalid: {say: func(f finding.Finding) string { return "zero, negative or infinite value in pair " + some(f.Pairs) }},
	finding.PairsInvalidThen: {say: func(f finding.Finding) string {
		return "zero, negative or infinite value then in pair " + some(f.Pairs)
	}},
	finding.OrderMatters: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the order within pairs matters: ratios differ by %s between orders (p = %.2g)", figure.Size(f.Values["effect_ratio"]), f.Values["p"])
	}},
	finding.PairsFarFromOthers: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s far from the others, first pair %d", figure.Count(len(f.Pairs), "pair"), pair(f))
	}},
}

// outlook says how many pairs would decide, if that is known.
func outlook(f finding.Finding) string {
	if f.Values["pairs_needed"] == 0 {
		return ""
	}
	return fmt.Sprintf(", about %s pairs would decide", figure.Plain(f.Values["pairs_needed"]))
}

// interval is a finding's, as ratios: "0.952–1.050".
func interval(f finding.Finding) string { return Between(f.Values["low"], f.Values["high"]) }

func Between(low, high float64) string { return Ratio(low) + "–" + Ratio(high) }

// Ratio keeps ordinary ratios aligned and extreme ones short.
func Ratio(r float64) string {
	if r >= 0.01 && r < 1000 {
		return fmt.Sprintf("%.3f", r)
	}
	return fmt.Sprintf("%.3g", r)
}

// adviceSentences are about what keeps a run from saying more.
var adviceSentences = map[finding.Code]said{
	finding.PairsScatter: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s scatter by %s, so only more than %s would show", number(f, "pairs", "pair"), figure.Round(f.Values["scatter_fraction"]), figure.Round(f.Values["shows_fraction"]))
	}},
	finding.AdviseStart:    always("start: in taskbench.yaml, for fresh starts in every pair"),
	finding.AdvisePin:      always("--pin"),
	finding.AdviseQuiet:    always("a quiet machine (taskbench calibrate)"),
	finding.AdviseTogether: always("both in one run: taskbench run"),
	finding.AdviseTime: {say: func(f finding.Finding) string {
		return fmt.Sprintf("a longer time limit, --max-time %v (run.max_time; %s)", time.Duration(f.Values["s"])*time.Second, number(f, "pairs", "pair"))
	}},
	finding.AdvisePairs: {say: func(f finding.Finding) string {
		text := "--pairs " + figure.Plain(f.Values["pairs"])
		var what []string
		if size := f.Values["shows_fraction"]; size > 0 {
			what = append(what, "shows "+figure.Round(size))
		}
		if f.Values["s"] > 0 {
			what = append(what, figure.Lasting(f.Values["s"]))
		}
		if len(what) == 0 {
			return text
		}
		return text + " (" + strings.Join(what, ", ") + ")"
	}},
}

var gateSentences = map[finding.Code]said{
	finding.LossBeyondFail: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s: worse than %s, and worse than %s is proven", standing(f), limit(f, "fail_ratio"), limit(f, "warn_ratio"))
	}},
	finding.LossProvenBeyond: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s: worse than %s is proven", standing(f), limit(f, "fail_ratio"))
	}},
	finding.LossNotExcluded: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s: worse than %s is not ruled out", standing(f), limit(f, "fail_ratio"))
	}},
	finding.LossBeyondWarn: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s: worse than %s, and a loss is proven", standing(f), limit(f, "warn_ratio"))
	}},
	finding.LossExcluded: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s: worse than %s is ruled out", standing(f), limit(f, "fail_ratio"))
	}},
	finding.LossOpen: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s: worse than %s is neither proven nor ruled out", standing(f), limit(f, "fail_ratio"))
	}},
	finding.LossByChance: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s: p = %.2g among %s metrics, a loss is proven from %.2g down", standing(f), f.Values["p_adjusted"], figure.Plain(f.Values["metrics"]), f.Values["alpha"])
	}},
	finding.LargeLossExcluded:  {say: func(f finding.Finding) string { return "worse than " + limit(f, "fail_ratio") + " is ruled out" }},
	finding.NotShownWithinFail: {leads: true, say: func(f finding.Finding) string { return "not shown to be within " + limit(f, "fail_ratio") }},
	finding.ExpectationMissed: {say: func(f finding.Finding) string {
		return fmt.Sprintf("expected %s %s, reached %s", strings.TrimSpace(f.Step+" "+f.Metric), quote(f, 0), figure.Expected(f.Metric).Text(f.Values["reached"]))
	}},

	finding.FailureWants: always("a failure wants").leading(),
	finding.WantsLoss:    {joint: ", ", say: func(f finding.Finding) string { return "worse than " + limit(f, "fail_ratio") }},
	finding.WantsProof: {joint: ", ", say: func(f finding.Finding) string {
		proven := "nothing is"
		if r := f.Values["proven_ratio"]; r > 0 && r != 1 {
			proven = limit(f, "proven_ratio") + " is"
		}
		return fmt.Sprintf("worse than %s proven (%s)", limit(f, "proof_ratio"), proven)
	}},
	finding.WantsP: {joint: ", ", say: func(f finding.Finding) string {
		return fmt.Sprintf("p < %s (it is %s)", probability(f.Values["p_limit"]), probability(f.Values["p"]))
	}},
	finding.OldRun: {say: func(f finding.Finding) string {
		return fmt.Sprintf("run %s is %s old: is it what you mean to judge?", quote(f, 0), figure.Age(f.Values["age_s"]))
	}},
	finding.ExpectationsOpen: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s misses documented expectations of %s, which fail a gate only with --expected", f.Target, strings.Join(f.Said, ", "))
	}},
	finding.ExpectationsBoth: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s misses documented expectations of %s, and so does %s: they say nothing of a change", f.Target, strings.Join(f.Said[min(1, len(f.Said)):], ", "), quote(f, 0))
	}},
	finding.MayBeBetween: always("may be no more than runs differ by").leading(),
	finding.BetweenUnknown: {say: func(finding.Finding) string {
		return "too few earlier runs tell how much runs differ (a restart, another minute, another layout of memory), so nothing is failed or warned of on this one: " +
			"store four and more of the same on this machine (taskbench baseline save)"
	}},
	finding.BetweenKnown: {say: func(f finding.Finding) string {
		runs := figure.Plain(f.Values["runs"])
		if f.Values["most_runs"] > f.Values["runs"] {
			runs += " to " + figure.Plain(f.Values["most_runs"])
		}
		return fmt.Sprintf("what differs from run to run is in the intervals, as %s earlier runs on this machine tell it", runs)
	}},

	finding.AgainstItself: always("the run is held against itself"),
	finding.OtherMachineThen: {say: func(f finding.Finding) string {
		return fmt.Sprintf("not measured on the same machine as the earlier run, so ratios are not the implementations' alone: now: %s; "+
			"the control takes out what is the same for both implementations, no more", contrasts(f.Said))
	}},
	finding.BaselineUnready: always("the earlier run is not complete: it was interrupted or still goes on"),
	finding.NotMeasuredNow: {say: func(f finding.Finding) string {
		return "the earlier run measured what this run did not, and nothing is decided on it: " + strings.Join(f.Said, ", ")
	}},
	finding.NoBaselineResults: quoted("the earlier run has no results of "),
	finding.InBaselineRun:     always("in the earlier run").leading(),
	finding.OtherSchema: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the earlier run is of schema %s, not %s: its percentiles may be defined otherwise", figure.Plain(f.Values["schema_then"]), figure.Plain(f.Values["schema_now"]))
	}},
	finding.OtherThanBaseline: always("not what the earlier run measured").leading(),
	finding.OtherToolchain: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s was compiled by %s, in the earlier run by %s: what the compiler changed is in its figures", f.Target, quote(f, 0), quote(f, 1))
	}},
	finding.NoControlElsewhere: {say: func(f finding.Finding) string {
		return fmt.Sprintf("not measured on the same machine as the earlier run, and no other implementation is there that would take that out: now: %s", contrasts(f.Said))
	}},
}

// standing is the figure that every decision on a loss starts with, as tables
// have it: "−13 % (95 % interval −17 to −9 %, 6 pairs)".
func standing(f finding.Finding) string {
	return fmt.Sprintf("%s (95 %% interval %s, %s)", turn(f), figure.Signed(intervalOf(f)), number(f, "pairs", "pair"))
}

// turn is the change of the metric: "−7 %" of a throughput, "+8 %" of a time.
func turn(f finding.Finding) string { return figure.Change(f.Values["ratio"], intervalOf(f)) }

func intervalOf(f finding.Finding) stats.Interval {
	return stats.Interval{Low: f.Values["low"], High: f.Values["high"]}
}

func limit(f finding.Finding, value string) string { return figure.Limit(f.Values[value]) }

// probability is ".019".
func probability(p float64) string {
	return strings.TrimPrefix(strconv.FormatFloat(p, 'g', 2, 64), "0")
}
