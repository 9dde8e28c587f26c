package slots

import (
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestSchedule(t *testing.T) {
	t.Parallel()
	for places := 1; places <= MaxPlaces; places++ {
		s := NewSchedule(places, 950*time.Millisecond, 100*time.Millisecond, 10*time.Millisecond, 7)
		s.StartUS = 5e6
		turns := s.Turns()
		if s.Rounds() != 10 || len(turns) != 10*places {
			t.Fatalf("%d places: %d rounds, %d turns", places, s.Rounds(), len(turns))
		}
		seen := map[[2]int]bool{}
		at := s.StartUS
		for _, turn := range turns {
			length := turn.ToUS - turn.FromUS
			if math.Abs(turn.FromUS-at) > 1e-3 || math.Abs(length-us(s.Lengths[turn.Round])) > 1e-3 || math.Abs(turn.QuietUS-turn.ToUS-10e3) > 1e-3 {
				t.Fatalf("%+v, want it to begin at %g", turn, at)
			}
			seen[[2]int{turn.Place, turn.Round}], at = true, turn.QuietUS
		}
		at = math.Round(at)
		if len(seen) != 10*places || at != s.EndUS() {
			t.Errorf("%d places: %d slots are different, the end is %g, not %g", places, len(seen), s.EndUS(), at)
		}
	}
	whole, least, most := time.Duration(0), time.Hour, time.Duration(0)
	for _, length := range NewSchedule(2, 2*time.Second, 100*time.Millisecond, 0, 5).Lengths {
		whole, least, most = whole+length, min(least, length), max(most, length)
	}
	if least != 80*time.Millisecond || most != 120*time.Millisecond || (whole-2*time.Second).Abs() > time.Microsecond {
		t.Errorf("slots of 100 ms are %v to %v, together %v", least, most, whole)
	}
	if n := NewSchedule(2, time.Hour, 100*time.Millisecond, 0, 1).Rounds(); n != MaxRounds {
		t.Errorf("an hour has %d rounds, want %d", n, MaxRounds)
	}
}

// TestOrderIsDrawn: nobody always comes first, and the same seed gives the same order.
func TestOrderIsDrawn(t *testing.T) {
	t.Parallel()
	first := map[int]int{}
	s := NewSchedule(2, 100*time.Second, 100*time.Millisecond, 0, 3)
	for _, order := range s.Order {
		first[order[0]]++
	}
	if first[0] < 400 || first[1] < 400 {
		t.Errorf("first of 1000 rounds: %v", first)
	}
	again := NewSchedule(2, 100*time.Second, 100*time.Millisecond, 0, 3)
	if !slices.EqualFunc(s.Order, again.Order, slices.Equal) || !slices.Equal(s.Lengths, again.Lengths) {
		t.Error("the same seed gave another order")
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	behind := func(sent int, counts map[int]int) Late {
		l := Late{Sent: sent}
		for power, n := range counts {
			l.Behind[power] = n
		}
		return l
	}
	once := func(all ...Late) (places [][]Late) {
		for _, l := range all {
			places = append(places, []Late{l})
		}
		return places
	}
	quick, away, never := behind(1000, map[int]int{9: 50}), behind(100, map[int]int{17: 50}), Late{Sent: 16, Open: 16}
	type testCase struct {
		late      [][]Late
		asked     time.Duration
		slot, gap time.Duration
		tooSlow   bool
	}
	cases := map[string]testCase{
		"nothing known":           {slot: DefaultSlot, gap: leastGap},
		"fast":                    {late: once(behind(10000, map[int]int{9: 500})), slot: DefaultSlot, gap: leastGap},
		"2 % outlast":             {late: once(behind(10000, map[int]int{15: 200})), slot: DefaultSlot, gap: leastGap},
		"more than 2 %":           {late: once(behind(10000, map[int]int{15: 201})), slot: DefaultSlot, gap: 32768 * time.Microsecond},
		"the slower one":          {late: once(behind(10000, nil), behind(100, map[int]int{14: 50})), slot: DefaultSlot, gap: 16384 * time.Microsecond},
		"longer slots":            {late: once(behind(100, map[int]int{16: 50})), slot: 3 * 65536 * time.Microsecond, gap: 65536 * time.Microsecond},
		"too slow":                {late: once(away), tooSlow: true},
		"too slow, but asked for": {late: once(away), asked: time.Second, slot: time.Second, gap: 131072 * time.Microsecond},
		"asked for, and fast":     {late: once(behind(10000, nil)), asked: 50 * time.Millisecond, slot: 50 * time.Millisecond, gap: leastGap},
		"never answered":          {late: once(never, quick), tooSlow: true},
		"a machine that was away": {late: [][]Late{{quick, away, quick}, {away, quick, away, quick, {}, {}}}, slot: DefaultSlot, gap: leastGap},
		"shorter than answers":    {late: once(behind(100, map[int]int{14: 50})), asked: 20 * time.Millisecond, slot: 3 * 16384 * time.Microsecond, gap: 16384 * time.Microsecond},
		"short slots asked for":   {late: once(away), asked: 50 * time.Millisecond, slot: 300 * time.Millisecond, gap: 131072 * time.Microsecond},
		"slow in every slot":      {late: [][]Late{{quick, quick, quick}, {away, away, away, quick, away, away}}, tooSlow: true},
		"asked in few slots":      {late: [][]Late{{never, {}, {}, {}}}, tooSlow: true},
	}
	// Who thinks for long sends one request or two in a slot: most slots have none that
	// is late, and yet a third of all is.
	seldom, waits := Late{Sent: 2}, behind(1, map[int]int{16: 1})
	cases["thinking for long"] = testCase{
		late: [][]Late{slices.Repeat([]Late{seldom, waits}, 20)}, slot: 3 * 65536 * time.Microsecond, gap: 65536 * time.Microsecond,
	}
	cases["hardly ever asked"] = testCase{late: [][]Late{{{Sent: 3, Answered: 3, WaitedUS: 120e3}, {}}}, slot: 240 * time.Millisecond, gap: 80 * time.Millisecond}
	for name, c := range cases {
		slot, gap, err := Choose(c.late, c.asked)
		if slot != c.slot || gap != c.gap && !c.tooSlow || (err != nil) != c.tooSlow {
			t.Errorf("%s: %v, %v, %v", name, slot, gap, err)
		}
	}
}

func TestBoard(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "board")
	for _, places := range []int{0, MaxPlaces + 1} {
		if _, err := New(path, places); err == nil {
			t.Errorf("a board of %d places", places)
		}
	}
	b, err := New(path, 2)
	if err != nil {
		t.Fatal(err)
	}
	if b.Ready(0) || b.Ready(1) || b.Late(1) != (Late{}) || b.Sent(1, MaxRounds-1) != 0 {
		t.Error("a new board is not empty")
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if _, err := New(filepath.Join(path, "no", "folder"), 2); err == nil {
		t.Error("a board in a folder that is not there")
	}
}
