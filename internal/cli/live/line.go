package live

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"

	"taskbench/compare/stats"
	"taskbench/internal/bench"
	"taskbench/internal/figure"
	"taskbench/results"
)

// line is the moving line in its parts, from left to right; "" where there is
// nothing to say.
type line struct {
	count, name, pair, target, phase string
	rate, errors, before, left       string
	tightLeft                        string // left in fewer words
}

// stale is how old the newest figures of a running trial may be: they come once
// a second. Older ones say nothing about now.
const stale = 2500 * time.Millisecond

// newLine puts an event of some time ago into words; before is what the last
// trials of the same cell brought.
func newLine(e bench.Event, before []result, ago time.Duration) line {
	l := line{
		count: fmt.Sprintf("%d/%d", min(e.Done+1, e.Trials), e.Trials),
		name:  e.Cell, pair: fmt.Sprintf("%s %d/%d", e.Unit, e.Pair, e.Pairs),
		target: e.Target, phase: string(e.Phase), left: leftText(e.Left - ago), tightLeft: tightLeft(e.Left - ago),
	}
	if s := e.Setup; s.Users > 0 {
		l.rate = join(", ", fmt.Sprintf("%d/%d users", s.Ready, s.Users), tightLeft(s.Left-ago))
	}
	if s := e.Slots; s.Part > 0 {
		l.target, l.phase, l.rate = "", bar(s.Part), ratioText(s)
	}
	if e.Phase == bench.Ended {
		l.count = fmt.Sprintf("%d/%d", e.Done, e.Trials)
	}
	if e.Live.Seconds > 0 {
		l.errors = plural(int(e.Live.Failed), "error")
	}
	if e.Live.Seconds > 0 && ago < stale {
		l.rate = rateText(e.Live.GoodPS)
	}
	var rates []string
	for _, r := range before {
		rates = append(rates, r.short())
	}
	if len(rates) > 0 {
		l.before = "before: " + strings.Join(rates, ", ")
	}
	return l
}

// bar is how much of a pair is over.
func bar(part float64) string {
	const cells = 8
	full := min(max(int(part*cells+0.5), 0), cells)
	return "▕" + strings.Repeat("█", full) + strings.Repeat(" ", cells-full) + "▏"
}

// ratioText is "windjammer −14 to +3 %": the 95 % interval that the pairs so far
// make of the ratio of throughput, the one that is on with them. In the first pair
// its rounds are all there is. It is no verdict.
func ratioText(s bench.SlotsProgress) string {
	logs := s.Pairs
	if len(s.Rounds) >= leastRounds {
		logs = append(slices.Clone(logs), stats.Median(s.Rounds))
	}
	if len(s.Pairs) == 0 {
		logs = s.Rounds
	}
	if len(logs) < 2 {
		return ""
	}
	middle, half := stats.MeanInterval(logs)
	if math.Expm1(half) > 1 { // nothing is known yet
		return ""
	}
	return s.Candidate + " " + figure.Signed(stats.Interval{Low: math.Exp(middle - half), High: math.Exp(middle + half)})
}

// leastRounds of a pair make a ratio.
const leastRounds = 5

// shorter are the steps by which a line is made to fit, the least important
// part first.
var shorter = []func(*line){
	func(l *line) { l.before = "" },
	func(l *line) { l.phase = "" },
	func(l *line) { l.left = l.tightLeft },
	func(l *line) { l.count = "" },
	func(l *line) { l.pair = "" },
	func(l *line) {
		if l.errors == plural(0, "error") {
			l.errors = ""
		}
	},
}

// fit is the line in at most that many columns, or in one. Where nothing can be
// left out any more, the scenario's name is cut.
func (l line) fit(width int) string {
	width = max(width, 1)
	for _, shorten := range shorter {
		if runewidth.StringWidth(l.String()) <= width {
			break
		}
		shorten(&l)
	}
	if over := runewidth.StringWidth(l.String()) - width; over > 0 {
		l.name = runewidth.Truncate(l.name, max(runewidth.StringWidth(l.name)-over, 1), "…")
	}
	return runewidth.Truncate(l.String(), width, "…")
}

func (l line) String() string {
	return join(" · ", join(" ", l.count, l.name), l.pair, join(" ", l.target, l.phase), l.rate, l.errors, l.before, l.left)
}

// join leaves out what is empty.
func join(with string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), with)
}

// result is what a trial brought, in few words.
type result struct {
	target string
	trial  *results.Trial
}

func resultOf(e bench.Event) result { return result{e.Target, e.Trial} }

// String is "rust 24.7 k/s, p95 6.3 ms, 0 errors", or why there are no figures.
func (r result) String() string {
	if r.trial.Error != "" {
		reason, _, _ := strings.Cut(r.trial.Error, "\n")
		return r.target + " failed: " + reason
	}
	if r.trial.Counted != nil {
		return r.short()
	}
	parts := []string{r.short()}
	if r.trial.Latency != nil {
		parts = append(parts, "p95 "+figure.P95.Texts([]*float64{&r.trial.Latency.P95US})[0])
	}
	return strings.Join(append(parts, plural(int(r.trial.Failures()), "error")), ", ")
}

// short is "rust 24.7 k/s".
func (r result) short() string {
	if r.trial.Error != "" {
		return r.target + " failed"
	}
	if r.trial.Counted != nil {
		return r.target + " counted"
	}
	return r.target + " " + rateText(r.trial.ThroughputPS)
}

func rateText(perSecond float64) string {
	if perSecond == 0 {
		return "0 /s"
	}
	return figure.Throughput.Texts([]*float64{&perSecond})[0]
}

// leftText is "" where the estimate has nothing left to say.
func leftText(left time.Duration) string {
	if tight := tightLeft(left); tight != "" {
		return "about " + tight
	}
	return ""
}

func tightLeft(left time.Duration) string {
	if left = left.Round(time.Second); left > 0 {
		return left.String() + " left"
	}
	return ""
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
