package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// R: binom.test(0, 40), (3, 40) and (40, 40) give these intervals.
func TestBinomial(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, of     int
		low, high float64
	}{{0, 40, 0, 0.0881}, {3, 40, 0.0157, 0.2039}, {40, 40, 0.9119, 1}} {
		if low, high := binomial(c.n, c.of); math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.n, c.of, low, high, c.low, c.high)
		}
	}
}

// A tally is gone on with; a run that was being written when all ended is none.
func TestTallyGoesOn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tally.jsonl")
	if all, err := readScores(path); err != nil || len(all) != 0 {
		t.Fatalf("no tally yet: %v, %v", all, err)
	}
	for seed := range int64(2) {
		if err := appendScore(path, score{Seed: seed, Slower: "0%"}); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"seed":2,"slow`); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	if all, err := readScores(path); err != nil || len(all) != 2 {
		t.Fatalf("cut off: %v, %v", all, err)
	}
	if err := appendScore(path, score{Seed: 2}); err != nil {
		t.Fatal(err)
	}
	all, err := readScores(path)
	if err != nil || len(all) != 3 || all[2].Seed != 2 {
		t.Fatalf("gone on with: %v, %v", all, err)
	}
	if err := os.WriteFile(path, []byte("{}\nnonsense\n{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readScores(path); err == nil || !strings.Contains(err.Error(), "tally.jsonl:2:") {
		t.Errorf("nonsense in the middle: %v", err)
	}
}

func TestPrintScores(t *testing.T) {
	t.Parallel()
	a := asked{scenario: "projects", users: 8, pairs: 6, slots: true}
	held := shown{"throughput_per_s", 1.01, 0.95, 1.07, "inconclusive"}
	all := []score{
		{Slower: "0%", Word: "undecided", Gate: "pass", Figures: []shown{held}, Load: 3},
		{Slower: "0%", Word: "faster", Gate: "fail", Statements: []string{"p95_us faster"}, Figures: []shown{{"throughput_per_s", 1.2, 1.1, 1.3, "faster"}}, Load: 9},
		{Slower: "15%", Word: "slower", Gate: "warn", Statements: []string{"cpu_per_answer_us slower"}, Figures: []shown{held, {"cpu_per_answer_us", 1.15, 1.1, 1.2, "slower"}}, Load: 5},
	}
	var out bytes.Buffer
	printScores(&out, a, all)
	for _, want := range []string{"load average before a run 3.0 to 9.0", "the gate fails", "1 of 2", "holds 1", "15%: more CPU time per answer is stated", "1 of 1", "0 of 1"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
}
