package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"taskbench/compare/stats"
)

// What runs are told from numbers alone is what stored documents of the same
// numbers are told: the fast way may stand for the real one.
func TestStoredDocumentsStateTheSame(t *testing.T) {
	t.Parallel()
	stated, rows := 0, 0
	for _, w := range wholes() {
		for seed := range 3 {
			all := make([]scenario, len(stepsOf))
			r := rand.New(rand.NewPCG(uint64(seed), 4))
			for i := range all {
				all[i] = scenario{w, i, figuresOf(i), drawScenario(r, i, w.cv, w.climate)}
			}
			docs, cells := w.documents(all), make([]stats.Cell, len(all)+1)
			for i, s := range all {
				n := w.planned().Looks[r.IntN(len(w.planned().Looks))].Pairs
				grow(docs, all, i, n)
				cells[i] = stats.Cell{Primary: s.rows(0, len(primaries), n), Other: s.rows(len(primaries), len(s.figures), n)}
			}
			cells[len(all)].Primary = w.means(cells[:len(all)])
			want := stats.Claims(cells, len(cells))
			got, means := claimsOf(compared(docs))
			got = append(got, stats.CellClaims{Primary: means})
			for i := range want {
				for k, one := range append(want[i].Primary, want[i].Other...) {
					other := append(got[i].Primary, got[i].Other...)[k]
					rows++
					tick(&stated, one.Stated)
					if one.Stated != other.Stated || one.Verdict != other.Verdict || one.Drifts != other.Drifts || one.Ordered != other.Ordered ||
						math.Abs(one.P-other.P) > 1e-6*one.P || math.Abs(one.ParityP-other.ParityP) > 1e-6*one.ParityP {
						t.Fatalf("%s, seed %d, cell %d, row %d: from numbers %+v, from documents %+v", w.name(), seed, i, k, one, other)
					}
				}
			}
		}
	}
	if stated < 200 || rows < 10_000 {
		t.Errorf("%d of %d rows stated: the law was not tried", stated, rows)
	}
}
