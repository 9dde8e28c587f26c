package parse

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// recordScript keeps values in µs the way a generated script does: the bucket
// is the exponent and the top six bits of the mantissa of the double.
func recordScript(values []float64) *BlockLatency {
	l := &BlockLatency{MinUS: math.Inf(1)}
	counts := map[uint64]uint64{}
	for _, v := range values {
		l.Count++
		l.SumUS += v
		l.MinUS, l.MaxUS = math.Min(l.MinUS, v), math.Max(l.MaxUS, v)
		counts[bucketOf(v)]++
	}
	for i, n := range counts {
		l.Buckets = append(l.Buckets, [2]uint64{i, n})
	}
	slices.SortFunc(l.Buckets, func(a, b [2]uint64) int { return int(a[0]) - int(b[0]) })
	if l.Count == 0 {
		l.MinUS = 0
	}
	return l
}

func bucketOf(us float64) uint64 {
	if us < 1 {
		return 0
	}
	return math.Float64bits(us)>>46 - 1023*64
}

// draw gives n random values in µs, spread over all magnitudes.
func draw(rng *rand.Rand, n int, lowest, highest float64) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = lowest * math.Pow(highest/lowest, rng.Float64())
	}
	return values
}

func TestBucketBounds(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	for _, v := range draw(rng, 10_000, 0.1, 1e15) {
		low, high := bucketBounds(bucketOf(v))
		if v < low || v >= high {
			t.Fatalf("%g is not in its bucket [%g, %g)", v, low, high)
		}
		if low > 0 && (high-low)/2/v > 0.0079 {
			t.Fatalf("bucket [%g, %g) is too wide for %g", low, high, v)
		}
	}
}

// The law of HDR: every percentile within 1 % of that of the raw values, plus
// half a microsecond for whole ones.
func TestHDRPercentiles(t *testing.T) {
	t.Parallel()
	for seed := range uint64(25) {
		rng := rand.New(rand.NewPCG(seed, 1))
		values := draw(rng, 1+rng.IntN(2000), 1, 1e8)
		l := recordScript(values)
		if err := checkLatency("latency", l); err != nil {
			t.Fatal(err)
		}
		h := l.HDR()
		if h.TotalCount() != int64(len(values)) {
			t.Fatalf("%d values became %d", len(values), h.TotalCount())
		}
		slices.Sort(values)
		for _, p := range []float64{0.001, 1, 25, 50, 75, 90, 95, 99, 99.9, 100} {
			rank := max(1, int(p/100*float64(len(values))+0.5)) // HdrHistogram's own rank
			want, got := values[rank-1], float64(h.ValueAtPercentile(p))
			if math.Abs(got-want) > 0.01*want+0.5 {
				t.Errorf("seed %d: p%g is %g, want %g", seed, p, got, want)
			}
		}
	}
}

func TestHDREdges(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		values   []float64
		min, max int64
	}{
		"none":                        {nil, 0, 0},
		"below a microsecond":         {[]float64{0.2}, 1, 1},
		"zero":                        {[]float64{0}, 1, 1},
		"one value, exactly":          {[]float64{1009}, 1009, 1009},
		"extremes beside the middles": {[]float64{1009, 4030}, 1012, 4016},
		"beyond 200 s":                {[]float64{5e8}, 199_999_488, 200_000_000},
		"both in one bucket":          {[]float64{1025, 1027}, 1027, 1027},
		"middle above the most":       {[]float64{1015, 1015.5}, 1015, 1015},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := recordScript(c.values).HDR()
			if h.TotalCount() != int64(len(c.values)) {
				t.Errorf("%d of %d values", h.TotalCount(), len(c.values))
			}
			if !h.ValuesAreEquivalent(h.Min(), c.min) || !h.ValuesAreEquivalent(h.Max(), c.max) {
				t.Errorf("from %d to %d, want %d to %d", h.Min(), h.Max(), c.min, c.max)
			}
		})
	}
	if n := (*BlockLatency)(nil).HDR().TotalCount(); n != 0 {
		t.Errorf("nil has %d values", n)
	}
}

// Merging histograms and histogramming the merged buckets is the same, to the
// count; only where a part's own extreme cuts its bucket short may a value
// move, and then by less than the bucket's width.
func TestHDRMerge(t *testing.T) {
	t.Parallel()
	for seed := range uint64(25) {
		rng := rand.New(rand.NewPCG(seed, 2))
		a, b := draw(rng, rng.IntN(500), 1, 1e7), draw(rng, rng.IntN(500), 1, 1e7)
		merged := recordScript(a).HDR()
		merged.Merge(recordScript(b).HDR())
		whole := recordScript(append(slices.Clone(a), b...)).HDR()
		if merged.TotalCount() != whole.TotalCount() {
			t.Fatalf("seed %d: %d values, want %d", seed, merged.TotalCount(), whole.TotalCount())
		}
		for p := 1.0; p <= 100; p += 3 {
			got, want := float64(merged.ValueAtPercentile(p)), float64(whole.ValueAtPercentile(p))
			if math.Abs(got-want) > want/64+1 {
				t.Errorf("seed %d: p%g is %g merged, %g as a whole", seed, p, got, want)
			}
		}
	}
}

// Where no extreme cuts a bucket, merging is exact.
func TestHDRMergeExact(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 3))
	parts := make([]*BlockLatency, 2)
	counts := map[uint64]uint64{}
	for i := range parts {
		parts[i] = &BlockLatency{MinUS: 1, MaxUS: 1e8}
		for bucket := uint64(10); bucket < 1500; bucket += 1 + rng.Uint64N(40) {
			n := 1 + rng.Uint64N(9)
			parts[i].Buckets = append(parts[i].Buckets, [2]uint64{bucket, n})
			counts[bucket] += n
		}
	}
	whole := &BlockLatency{MinUS: 1, MaxUS: 1e8}
	for bucket, n := range counts {
		whole.Buckets = append(whole.Buckets, [2]uint64{bucket, n})
	}
	merged := parts[0].HDR()
	merged.Merge(parts[1].HDR())
	if !sameCounts(merged, whole.HDR()) {
		t.Error("merging is not exact")
	}
}

func sameCounts(a, b *hdrhistogram.Histogram) bool {
	return slices.Equal(a.Export().Counts, b.Export().Counts)
}
