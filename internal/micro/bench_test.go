package micro

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskbench/parse"
	"taskbench/results"
)

// BenchmarkImport5000 is `taskbench micro import` of 5,000 benchmarks with
// 100 samples each: read, check, recompute, store.
func BenchmarkImport5000(b *testing.B) {
	dir := writeFolder(b, b.TempDir(), 5000)
	b.ReportAllocs()
	for b.Loop() {
		m, problems := Import([]Source{{Path: dir}}, "")
		if len(problems) > 0 || len(m.Benchmarks) != 5000 {
			b.Fatalf("%d benchmarks, problems %v", len(m.Benchmarks), problems)
		}
		store := results.Store{Dir: b.TempDir()}
		_, err := store.Save(&results.Document{
			Kind: results.Microbench, Session: "s", Implementation: "rust", Created: time.Unix(1, 0), Scenarios: []results.Measurement{}, Micro: m,
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// TestWriteFolder: what the benchmark reads is a folder as Criterion writes it.
// TASKBENCH_MICRO_FOLDER keeps one of 5,000 benchmarks, to measure the command.
func TestWriteFolder(t *testing.T) {
	dir, n := t.TempDir(), 10
	if keep := os.Getenv("TASKBENCH_MICRO_FOLDER"); keep != "" {
		dir, n = keep, 5000
	}
	if m := imported(t, "", Source{Path: writeFolder(t, dir, n)}); len(m.Benchmarks) != n || len(m.Benchmarks[0].Runs[0].Totals) != 100 {
		t.Errorf("%d benchmarks", len(m.Benchmarks))
	}
}

// writeFolder makes a target/criterion folder of n benchmarks.
func writeFolder(tb testing.TB, dir string, n int) string {
	tb.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		id := fmt.Sprintf("group%d/f/%d", i/10, i)
		run := filepath.Join(dir, filepath.FromSlash(id), "new")
		if err := os.MkdirAll(run, 0o755); err != nil {
			tb.Fatal(err)
		}
		var s parse.MicroSamples
		for k := 1; k <= 100; k++ {
			s.Iterations = append(s.Iterations, float64(k*37))
			s.Totals = append(s.Totals, float64(int(float64(k*37)*(100+random.NormFloat64()))))
		}
		p := s.Points()
		e := func(v float64) string {
			return fmt.Sprintf(`{"confidence_interval":{"confidence_level":0.95,"lower_bound":%v,"upper_bound":%v},"point_estimate":%v,"standard_error":0.1}`, v*0.99, v*1.01, v)
		}
		for name, text := range map[string]string{
			"benchmark.json": fmt.Sprintf(`{"group_id":"group%d","function_id":"f","value_str":"%d","throughput":{"Bytes":64},"full_id":%q,"directory_name":%q,"title":%q}`, i/10, i, id, id, id),
			"estimates.json": fmt.Sprintf(`{"mean":%s,"median":%s,"median_abs_dev":%s,"slope":%s,"std_dev":%s}`, e(p.Mean), e(p.Median), e(p.MAD), e(p.Slope), e(p.StdDev)),
			"sample.json":    fmt.Sprintf(`{"sampling_mode":"Linear","iters":[%s],"times":[%s]}`, list(s.Iterations), list(s.Totals)),
			"tukey.json":     "[1.0,2.0,3.0,4.0]",
		} {
			if err := os.WriteFile(filepath.Join(run, name), []byte(text), 0o644); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return dir
}

func list(values []float64) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strings.Join(texts, ",")
}
