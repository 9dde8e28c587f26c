package lua

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/luavm"
)

// due runs the schedule of a plan in the embedded VM, and gives when its first
// arrivals are due, in µs since its beginning; env is nothing, or that of a share.
func due(t *testing.T, plan arrivals.Plan, warmup time.Duration, seed int64, n int, env ...func(string) (string, bool)) []float64 {
	t.Helper()
	env = append(env, nil)
	o := Options{URL: "http://localhost", Connections: 4, Duration: 20 * time.Second, Warmup: warmup, Rate: &plan, Seed: seed}
	src := generateEmbedded(t, parseScenario(t, rateScenarios["request"]), o)
	src += "\nfor _ = 1, " + strconv.Itoa(n) + " do io.write(string.format(\"%.17g\\n\", time_of(next_count()))) end\n"
	var said bytes.Buffer
	process, err := luavm.New("rate.lua", []byte(src), luavm.Config{URL: "http://localhost", Threads: 1, Connections: 1, Clock: luavm.SystemClock{}, Stdout: &said, Host: true, Env: env[0]})
	if err != nil {
		t.Fatal(err)
	}
	_ = process
	var list []float64
	for line := range strings.Lines(said.String()) {
		at, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, at)
	}
	return list[:n]
}

func TestConstantSchedule(t *testing.T) {
	t.Parallel()
	for i, at := range due(t, arrivals.Plan{Rate: 3000}, time.Second, 1, 5000) {
		if want := float64(i) * 1e6 / 3000; math.Abs(at-want) > 1e-3 {
			t.Fatalf("arrival %d is due at %f µs, not %f", i, at, want)
		}
	}
}

// TestScheduleEndsWithItsWindow: what is due when a window closes is not in it, at
// rates whose fractions are not exact either.
func TestScheduleEndsWithItsWindow(t *testing.T) {
	t.Parallel()
	for _, rate := range []float64{1, 3, 7, 10, 30, 49, 301} {
		list := due(t, arrivals.Plan{Rate: rate}, 0, 1, int(rate)*20+1)
		for second := 1; second <= 20; second++ {
			if at := list[int(rate)*second]; at != float64(second)*1e6 {
				t.Errorf("at %g/s the first arrival of second %d is due at %.17g µs", rate, second, at)
			}
		}
	}
}

// TestRampSchedule: between two arrivals the rate's area is 1, whatever its slope,
// from and to 0 as well; warm-up is at the rate that follows.
func TestRampSchedule(t *testing.T) {
	t.Parallel()
	var plan arrivals.Plan
	for _, span := range [][2]float64{{0, 400}, {400, 400}, {400, 0}, {100, 1000}} {
		plan.Stages = append(plan.Stages, arrivals.Stage{Duration: time.Second, From: span[0], To: span[1]})
	}
	list := due(t, plan, time.Second, 1, 400+200+400+200+550)
	rate := func(at float64) float64 { // per µs
		switch s := at / 1e6; {
		case s < 1:
			return 400e-6
		case s < 2:
			return 400e-6 * (s - 1)
		case s < 3:
			return 400e-6
		case s < 4:
			return 400e-6 * (4 - s)
		default:
			return 100e-6 + 900e-6*(s-4)
		}
	}
	for i := 1; i < len(list); i++ {
		area, steps := 0.0, 200
		for k := range steps {
			area += rate(list[i-1]+(float64(k)+0.5)/float64(steps)*(list[i]-list[i-1])) * (list[i] - list[i-1]) / float64(steps)
		}
		if math.Abs(area-1) > 0.01 {
			t.Fatalf("between arrivals %d (%f µs) and %d (%f µs) come %f", i-1, list[i-1], i, list[i], area)
		}
	}
}

// TestPoissonSchedule: gaps are exponential (Kolmogorov and Smirnov: 1.95 is exceeded
// in one of a thousand cases), each seed has its own, and one the same ever.
func TestPoissonSchedule(t *testing.T) {
	t.Parallel()
	plan := arrivals.Plan{Rate: 1000, Arrival: arrivals.Poisson}
	for seed := int64(1); seed <= 3; seed++ {
		list := due(t, plan, 0, seed, 5000)
		if !slices.Equal(list, due(t, plan, 0, seed, 5000)) {
			t.Errorf("seed %d: not the same arrivals again", seed)
		}
		gaps := []float64{list[0]}
		for i := 1; i < len(list); i++ {
			gaps = append(gaps, list[i]-list[i-1])
		}
		slices.Sort(gaps)
		most := 0.0
		for i, gap := range gaps {
			f := 1 - math.Exp(-gap/1000)
			most = max(most, math.Abs(f-float64(i)/float64(len(gaps))), math.Abs(float64(i+1)/float64(len(gaps))-f))
		}
		if d := most * math.Sqrt(float64(len(gaps))); d > 1.95 {
			t.Errorf("seed %d: the gaps are %g from exponential ones", seed, d)
		}
	}
}
