package live

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"taskbench/internal/bench"
	"taskbench/parse"
	"taskbench/results"
)

// running is an event in the middle of a trial.
func running() bench.Event {
	return bench.Event{
		Cell: "projects @ 50", Target: "rust", Pair: 3, Pairs: 6, Unit: "pair", Phase: bench.Measuring, Done: 24, Trials: 72,
		At: time.Now(), Left: 72 * time.Second, Live: parse.Live{Seconds: 4, GoodPS: 24_700},
	}
}

func brought(target string, perSecond float64) result {
	return result{target, &results.Trial{ThroughputPS: perSecond}}
}

func TestLineFits(t *testing.T) {
	t.Parallel()
	before := []result{brought("rust", 24_900), brought("windjammer", 22_900)}
	l := newLine(running(), before, 0)
	for _, c := range []struct {
		width int
		want  string
	}{
		{160, "25/72 projects @ 50 · pair 3/6 · rust measuring · 24.7 k/s · 0 errors · before: rust 24.9 k/s, windjammer 22.9 k/s · about 1m12s left"},
		{100, "25/72 projects @ 50 · pair 3/6 · rust measuring · 24.7 k/s · 0 errors · about 1m12s left"},
		{79, "25/72 projects @ 50 · pair 3/6 · rust · 24.7 k/s · 0 errors · about 1m12s left"},
		{72, "25/72 projects @ 50 · pair 3/6 · rust · 24.7 k/s · 0 errors · 1m12s left"},
		{66, "projects @ 50 · pair 3/6 · rust · 24.7 k/s · 0 errors · 1m12s left"},
		{60, "projects @ 50 · rust · 24.7 k/s · 0 errors · 1m12s left"},
		{50, "projects @ 50 · rust · 24.7 k/s · 1m12s left"},
		{40, "projects… · rust · 24.7 k/s · 1m12s left"},
		{10, "… · rust …"},
	} {
		if got := l.fit(c.width); got != c.want {
			t.Errorf("in %d columns: %q, want %q", c.width, got, c.want)
		}
	}
}

func TestLineSaysHowFarASetupIs(t *testing.T) {
	t.Parallel()
	e := running()
	e.Phase, e.Live, e.Setup = bench.SettingUp, parse.Live{}, bench.SetupProgress{Ready: 22, Users: 500, Left: 48 * time.Second}
	if got, want := newLine(e, nil, 0).fit(79), "25/72 projects @ 50 · pair 3/6 · rust · 22/500 users, 48s left · 1m12s left"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLineSharpens(t *testing.T) {
	t.Parallel()
	e := running()
	e.Live, e.Slots = parse.Live{}, bench.SlotsProgress{Candidate: "windjammer", Part: 0.25, Rounds: []float64{-0.1, 0.02}}
	for _, c := range []struct {
		pairs, rounds []float64
		width         int
		want          string
	}{
		{nil, []float64{-0.1}, 100, "25/72 projects @ 50 · pair 3/6 · ▕██      ▏ · about 1m12s left"},
		{nil, []float64{-0.1, 0.02}, 100, "25/72 projects @ 50 · pair 3/6 · ▕██      ▏ · about 1m12s left"},
		{[]float64{-0.06, -0.07}, []float64{-0.1, 0.02}, 100, "25/72 projects @ 50 · pair 3/6 · ▕██      ▏ · windjammer −12 to 0 % · about 1m12s left"},
		{[]float64{-0.06, -0.065}, []float64{-0.1, 0.02, -0.064, -0.063, -0.064}, 100, "25/72 projects @ 50 · pair 3/6 · ▕██      ▏ · windjammer −6.7 to −5.5 % · about 1m12s left"},
		{[]float64{0.06, 0.07}, nil, 79, "25/72 projects @ 50 · pair 3/6 · windjammer 0 to +14 % · about 1m12s left"},
	} {
		e.Slots.Pairs, e.Slots.Rounds = c.pairs, c.rounds
		if got := newLine(e, nil, 0).fit(c.width); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestLineSaysWhatIsKnown(t *testing.T) {
	t.Parallel()
	e := running()
	e.Live.Failed = 1
	if got, want := newLine(e, nil, 3*time.Second).fit(200), "25/72 projects @ 50 · pair 3/6 · rust measuring · 1 error · about 1m9s left"; got != want {
		t.Errorf("figures of 3 s ago: %q, want %q", got, want)
	}
	e.Live = parse.Live{}
	if got, want := newLine(e, []result{brought("rust", 0)}, time.Hour).fit(200), "25/72 projects @ 50 · pair 3/6 · rust measuring · before: rust 0 /s"; got != want {
		t.Errorf("nothing told: %q, want %q", got, want)
	}
	e.Live = parse.Live{Seconds: 1}
	if got := newLine(e, nil, 0).fit(200); !strings.Contains(got, "· 0 /s · 0 errors ·") {
		t.Errorf("nothing answered: %q", got)
	}
}

// FuzzLine: no line is wider than asked for, whatever the names are.
func FuzzLine(f *testing.F) {
	f.Add("projects @ 50", "rust", 60, uint64(7))
	f.Add("プロジェクト @ 1000", "ウィンド", 33, uint64(0))
	f.Add("a", strings.Repeat("long", 50), 79, uint64(1))
	f.Fuzz(func(t *testing.T, name, target string, width int, failed uint64) {
		if !utf8.ValidString(name + target) {
			t.Skip("names come from checked files")
		}
		e := running()
		e.Cell, e.Target, e.Live.Failed = name, target, failed
		if got := newLine(e, []result{brought(target, 1)}, 0).fit(width); runewidth.StringWidth(got) > max(width, 1) {
			t.Errorf("%q is %d columns wide, asked for %d", got, runewidth.StringWidth(got), width)
		}
	})
}

func TestResult(t *testing.T) {
	t.Parallel()
	trial := results.Trial{Answers: 1000, Good: 990, Lost: 2, Unanswered: 1, ThroughputPS: 24_700, Latency: &results.Latency{P95US: 6300}}
	if got, want := (result{"rust", &trial}).String(), "rust 24.7 k/s, p95 6.30 ms, 13 errors"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	trial.Error = "reset hook \"x\": exit status 1\nno such table"
	if got, want := (result{"rust", &trial}).String(), `rust failed: reset hook "x": exit status 1`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// shown is what a display writes for the events of two trials.
func shown(width func() int) string {
	var out bytes.Buffer
	d := New(&out, width)
	e := running()
	for _, target := range []string{"rust", "windjammer"} {
		e.Target, e.Phase, e.Trial = target, bench.Starting, nil
		d.Show(e)
		e.Phase = bench.Measuring
		d.Show(e)
		e.Done, e.Phase, e.Trial = e.Done+1, bench.Ended, &results.Trial{Answers: 9, Good: 9, ThroughputPS: 24_700}
		d.Show(e)
	}
	d.Close()
	d.Close()  // twice is no harm
	d.redraw() // a tick that comes too late draws nothing
	return out.String()
}

func TestDisplayWithoutTerminal(t *testing.T) {
	t.Parallel()
	want := "measuring: 48 trials at most\n" +
		"25/72 projects @ 50, pair 3 of 6: rust 24.7 k/s, 0 errors; about 1m12s left\n" +
		"26/72 projects @ 50, pair 3 of 6: windjammer 24.7 k/s, 0 errors; about 1m12s left\n"
	if got := shown(nil); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// A setup that takes long is told of now and then, where no line moves: one of each
// target, from when it began.
func TestDisplayTellsOfLongSetups(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	d := New(&out, nil)
	began := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	at := func(target string, s, ready int) {
		e := bench.Event{Cell: "projects @ 500", Target: target, Unit: "pair", Pair: 1, Pairs: 20, Phase: bench.SettingUp, Trials: 2, At: began.Add(time.Duration(s) * time.Second)}
		if ready > 0 {
			e.Setup = bench.SetupProgress{Ready: ready, Users: 500, Left: time.Duration(100-s) * time.Second}
		}
		d.Show(e)
	}
	for s := range 40 {
		at("rust", s, 10*s)
	}
	at("rust", 40, 500)
	for s := range 14 {
		at("wj", 60+s, 30*s)
	}
	d.Close()
	want := "projects @ 500, pair 1 of 20: setting up rust, 150 of 500 users ready; about 1m25s left\n" +
		"projects @ 500, pair 1 of 20: setting up rust, 300 of 500 users ready; about 1m10s left\n"
	if got := out.String(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// What took time and brought no figures is said.
func TestDisplayTellsOfAttemptsInSlots(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	d := New(&out, nil)
	d.Show(bench.Event{Cell: "auth @ 4", Target: "rust", Trials: 2, Phase: bench.InTurn, Lost: 28_400 * time.Millisecond})
	d.Close()
	if got := out.String(); got != "auth @ 4: in turn from here on, not in slots; an attempt of 28s is left out\n" {
		t.Error(got)
	}
}

func TestDisplayOnTerminal(t *testing.T) {
	t.Parallel()
	got := shown(func() int { return 80 })
	if strings.Contains(got, "\n") || !strings.HasSuffix(got, lineStart+lineRest) {
		t.Errorf("%q: want one line, erased in the end", got)
	}
	lines := strings.Split(got, lineStart)
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "26/72 projects @ 50 · pair 3/6 · windjammer") }) {
		t.Errorf("%q: says nothing of the second trial", lines)
	}
}
