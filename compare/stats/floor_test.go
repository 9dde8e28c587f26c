package stats

import "testing"

// TestWithhold: what reaches within the floor is no difference; parity stays, and
// other rows are stated beside a primary one in their direction only.
func TestWithhold(t *testing.T) {
	t.Parallel()
	row := func(low, high float64) Row { return Row{Judgement: Judgement{CI: Interval{low, high}}, Floor: 0.02} }
	claim := func(v Verdict) Claim { return Claim{Stated: true, Verdict: v} }
	cell := Cell{
		Primary: []Row{row(0.93, 0.97), row(0.95, 0.985), row(1.021, 1.2), row(1.019, 1.2), row(0.99, 1.01)},
		Other:   []Row{row(0.8, 0.9), row(0.97, 0.99), row(1.3, 1.4)},
	}
	claims := CellClaims{
		Primary: []Claim{claim(Slower), claim(Slower), claim(Slower), claim(Slower), claim(Parity)},
		Other:   []Claim{claim(Slower), claim(Slower), claim(Faster)},
	}
	claims.withhold(cell)
	for i, want := range []bool{true, false, true, false, true} {
		if got := claims.Primary[i]; got.Stated != want || !want && (got.Verdict != Inconclusive || got.Floor != 0.02) {
			t.Errorf("primary %d: %+v", i, got)
		}
	}
	for i, want := range []bool{true, false, false} {
		if claims.Other[i].Stated != want {
			t.Errorf("other %d: %+v", i, claims.Other[i])
		}
	}
}
