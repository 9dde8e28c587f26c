package stats

import "math"

// Level is one side's throughput at one number of connections, trial by trial.
// Trials without a positive value are left out.
type Level struct {
	Connections int
	Throughput  []float64
}

// Knee is the fewest connections with at least KneePart of the highest
// throughput of all levels: more connections only wait longer (Jain, The Art
// of Computer Systems Performance Analysis, 1991, 3.3).
type Knee struct {
	At int `json:"at"` // as measured; 0: none, without figures at two levels
	// Low … High holds the true one. Where Named is false it is as wide as the
	// sweep, and there is no knee to tell of.
	Low   int  `json:"low"`
	High  int  `json:"high"`
	Named bool `json:"named"`
}

// KneePart is the share of the highest throughput that a knee has.
const KneePart = 0.95

// KneeAlpha is the level for one of so many knees in a run (every target in every
// sweep), so that anything the run states is false in at most RunAlpha of runs.
// In a sequential plan the look's level takes its part.
func KneeAlpha(knees int, at Look) float64 {
	return KneeShare * at.DifferenceAlpha / float64(max(knees, 1))
}

// FindKnee gives the knee of levels by rising connections with an interval that
// misses the true one in at most alpha of cases. A level is below the knee if it has
// proven less than KneePart of some other's throughput; it is at the knee or
// beyond when it has proven at least KneePart of every other's. Low is the
// first level not proven below, High the first proven at or beyond. Each proof
// is Welch's test on logs, with alpha/2 divided by the levels for each way to be
// wrong: with few trials resampling them would promise more than it keeps (a
// bootstrap over six is wrong in 13 of 100, not in 5).
func FindKnee(levels []Level, alpha float64) Knee {
	var at []int
	var logs [][]float64
	for _, l := range levels {
		if d := usableLogs(l.Throughput); len(d) > 0 {
			at, logs = append(at, l.Connections), append(logs, d)
		}
	}
	last := len(at) - 1
	if last < 1 {
		return Knee{}
	}
	low, high, tail := last, last, alpha/2/float64(last)
	for i := last; i >= 0; i-- {
		below, enough := false, true
		for k := range at {
			if k != i {
				worse, better := partOf(logs[i], logs[k])
				below, enough = below || worse <= tail, enough && better <= tail
			}
		}
		if !below {
			low = i
		}
		if enough {
			high = i
		}
	}
	k := Knee{At: at[measuredKnee(logs)], Low: at[min(low, high)], High: at[high]}
	k.Named = k.Low != at[0] || k.High != at[last]
	return k
}

// partOf are the one-sided p-values of "a has KneePart of b's or more", and of
// "less".
func partOf(a, b []float64) (worse, better float64) {
	if len(a) < 2 || len(b) < 2 {
		return 1, 1
	}
	diff, se, df := welch(a, b)
	distance := diff - math.Log(KneePart)
	return studentTail(-distance, se, df), studentTail(distance, se, df)
}

// measuredKnee is the first level whose geometric mean has KneePart of the
// highest.
func measuredKnee(logs [][]float64) int {
	highest := math.Inf(-1)
	for _, d := range logs {
		highest = math.Max(highest, mean(sorted(d)))
	}
	for i, d := range logs {
		if mean(sorted(d)) >= highest+math.Log(KneePart) {
			return i
		}
	}
	return len(logs) - 1
}

func usableLogs(values []float64) []float64 {
	var logs []float64
	for _, v := range values {
		if positive(v) {
			logs = append(logs, math.Log(v))
		}
	}
	return logs
}
