package main

import (
	_ "embed"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"taskbench/compare/stats"
)

// metric is one row of a scenario's table: how much it scatters, and how much
// of that it shares with the throughput of the same trial.
type metric struct {
	name    string
	scatter float64 // in units of the throughput's CV
	shared  float64 // share of the variance
	better  stats.Direction
	is      int // else the same as that primary row, seen otherwise; 0: a row of its own
}

// The rows of a scenario, as the built-in ones have them. At a CV of 8 % and a
// loss of 10 %, judging each row by itself in a sequential plan finds
// throughput in 100, p95 in 96, CPU time in 100 and steps in 70 of 100 runs.
var (
	primaries = []metric{
		{name: "throughput", scatter: 1, shared: 1, better: stats.HigherIsBetter},
		{name: "p50", scatter: 1.1, shared: 0.8, better: stats.LowerIsBetter},
		{name: "p95", scatter: 1.3, shared: 0.6, better: stats.LowerIsBetter},
		{name: "CPU time", scatter: 0.6, shared: 0.4, better: stats.LowerIsBetter},
	}
	others = []metric{
		{name: "p99", scatter: 2.2, shared: 0.4, better: stats.LowerIsBetter},
		{name: "memory", scatter: 0.4, better: stats.LowerIsBetter},
	}
	ofStep = []metric{
		{name: "step throughput", scatter: 1, shared: 0.95, better: stats.HigherIsBetter},
		{name: "step p50", scatter: 1.1, shared: 0.6, better: stats.LowerIsBetter},
		{name: "step p95", scatter: 1.4, shared: 0.5, better: stats.LowerIsBetter},
		{name: "step p99", scatter: 1.9, shared: 0.3, better: stats.LowerIsBetter},
	}
	perCPU  = metric{name: "answers per CPU time", better: stats.HigherIsBetter, is: 3}
	flowP95 = metric{name: "flow p95", better: stats.LowerIsBetter, is: 2}
	// stepsOf are the numbers of steps of the six built-in scenarios: with the
	// rows above that makes 130 rows.
	stepsOf = []int{0, 0, 3, 5, 6, 7}
)

// figuresOf are all rows of a scenario, the primary ones first; those that are
// others seen otherwise come last.
func figuresOf(scenario int) []metric {
	list := slices.Concat(primaries, others)
	for range stepsOf[scenario] {
		list = append(list, ofStep...)
	}
	if list = append(list, perCPU); stepsOf[scenario] > 0 {
		list = append(list, flowP95)
	}
	return list
}

// climate is what a machine does to whole runs, besides its CV.
type climate string

const (
	usualNoise climate = "AR noise"
	heavyTails climate = "heavy tails"
	spikes     climate = "spikes"
	slowing    climate = "drift"
	twoSpeeds  climate = "two speeds"
	recorded   climate = "recorded"
)

// The machine of two speeds loses slowSpeed for about speedS seconds at a time.
const (
	slowSpeed = 0.30
	speedS    = 45.0
)

// draws is the noise of one scenario in one run: noise[pair][row] is what it
// adds to the oriented log ratio, > 0: the candidate looks better.
type draws struct {
	noise     [][]float64
	baseFirst []bool
}

// drawScenario makes the noise of as many pairs as the longest plan has.
func drawScenario(r *rand.Rand, scenario int, cv float64, c climate) draws {
	if c == recorded {
		return replay(r, scenario)
	}
	figures := figuresOf(scenario)
	d := draws{}
	speed := newTelegraph(r)
	normal := func() float64 { return r.NormFloat64() }
	if c == heavyTails {
		normal = func() float64 { return student3(r) }
	}
	for _, p := range draw(r) {
		base, cand := cv*p.base, cv*p.cand
		switch c {
		case heavyTails:
			base, cand = base+cv*normal()/2, cand+cv*normal()/2
		case spikes:
			base, cand = base+p.baseSpike, cand+p.candSpike
		case slowing:
			base, cand = base-linearChange*p.baseAt, cand-linearChange*p.candAt
		case twoSpeeds:
			first, second := speed.trial(r), speed.trial(r)
			if p.baseAt > p.candAt {
				first, second = second, first
			}
			base, cand = base+first, cand+second
		}
		row := make([]float64, len(figures))
		for i, f := range figures {
			if f.is > 0 {
				row[i] = row[f.is]
				continue
			}
			own := normal() - normal()
			row[i] = f.scatter * (math.Sqrt(f.shared)*(cand-base) + cv*math.Sqrt(1-f.shared)*own)
		}
		d.noise, d.baseFirst = append(d.noise, row), append(d.baseFirst, p.baseAt < p.candAt)
	}
	return d
}

// student3 has three degrees of freedom, scaled to variance 1.
func student3(r *rand.Rand) float64 {
	chi := 0.0
	for range 3 {
		z := r.NormFloat64()
		chi += z * z
	}
	return r.NormFloat64() / math.Sqrt(chi)
}

// telegraph switches between two speeds at random.
type telegraph struct{ slow bool }

func newTelegraph(r *rand.Rand) *telegraph { return &telegraph{r.IntN(2) == 1} }

// trial lets a trial pass and gives its mean speed, as a log.
func (t *telegraph) trial(r *rand.Rand) float64 {
	slow := 0
	for s := range discardS + measuredS {
		if r.Float64() < 1/speedS {
			t.slow = !t.slow
		}
		if t.slow && s >= discardS {
			slow++
		}
	}
	return math.Log1p(-slowSpeed * float64(slow) / measuredS)
}

// recordedCV is that of a trial of the recording's busy half second: pairs
// scatter by 46 to 85 %, √2 times as much.
const recordedCV = 0.45

// recordedText holds real pairs of a server against itself; its first lines
// say how they were made.
//
//go:embed testdata/aa.tsv
var recordedText string

// recording is [scenario][row][pair] of oriented log ratios.
var recording = readRecording(recordedText)

// readRecording takes lines of "scenario, metric, and ten-thousandths of log
// ratios, pair by pair".
func readRecording(text string) [][][]float64 {
	var all [][][]float64
	last := ""
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(fields) < 3 {
			continue
		}
		if fields[0] != last {
			all, last = append(all, nil), fields[0]
		}
		var row []float64
		for _, f := range fields[2:] {
			v, err := strconv.Atoi(f)
			if err != nil {
				panic("testdata/aa.tsv: " + err.Error()) // it is part of this program
			}
			row = append(row, float64(v)/1e4)
		}
		all[len(all)-1] = append(all[len(all)-1], row)
	}
	return all
}

// replay takes consecutive recorded pairs from a random one on, with a random
// side as the candidate of each: both sides were the same server.
func replay(r *rand.Rand, scenario int) draws {
	rows := recording[scenario]
	n := len(rows[0])
	d, from := draws{}, r.IntN(n)
	for i := range pairs {
		sign := float64(1 - 2*r.IntN(2))
		var noise []float64
		for k, f := range figuresOf(scenario) {
			if f.is > 0 {
				k = f.is
			}
			noise = append(noise, sign*rows[k][(from+i)%n])
		}
		d.noise, d.baseFirst = append(d.noise, noise), append(d.baseFirst, r.IntN(2) == 1)
	}
	return d
}
