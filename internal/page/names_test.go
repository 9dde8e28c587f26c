package page

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCutNames(t *testing.T) {
	t.Parallel()
	long := "a_very_long_benchmark_name_that_differs_only_at_its_very_end_after_64_"
	for name, c := range map[string]struct{ names, want []string }{
		"fit":                {[]string{"a", "b"}, []string{"a", "b"}},
		"differ early":       {[]string{"x" + long, "y" + long}, []string{"xa_very_long_benchmark_name_tha…", "ya_very_long_benchmark_name_tha…"}},
		"differ at the end":  {[]string{long + "fast", long + "slow"}, []string{"a_very_long_benchm…after_64_fast", "a_very_long_benchm…after_64_slow"}},
		"the same":           {[]string{long, long}, []string{"a_very_long_benchmark_name_that…", "a_very_long_benchmark_name_that…"}},
		"one starts another": {[]string{long + "x", long + "x/2"}, []string{"a_very_long_benchmark_name_…64_x", "a_very_long_benchmark_nam…64_x/2"}},
	} {
		if diff := cmp.Diff(c.want, cutNames(c.names, 32)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What is left of names in a narrow column is what they differ in.
func TestCutNamesNarrow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		names []string
		width int
		want  []string
	}{
		"ports":             {[]string{"127.0.0.1-22001", "127.0.0.1-22002"}, 7, []string{":22001", ":22002"}},
		"ports, more room":  {[]string{"127.0.0.1-22001", "127.0.0.1-22002"}, 10, []string{":22001", ":22002"}},
		"URLs":              {[]string{"http://localhost:3000", "http://localhost:3001"}, 10, []string{":3000", ":3001"}},
		"the same URL":      {[]string{"127.0.0.1-22001", "127.0.0.1-22001-2"}, 7, []string{"…22001", "…2001-2"}},
		"branches":          {[]string{"feature-login-old", "feature-login-new"}, 7, []string{"…in-old", "…in-new"}},
		"beside other ones": {[]string{"127.0.0.1-22001", "127.0.0.1-22002", "rust"}, 7, []string{":22001", ":22002", "rust"}},
	} {
		if diff := cmp.Diff(c.want, cutNames(c.names, c.width)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Whatever the names: different ones are printed differently.
func TestCutNamesLaw(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		names := make([]string, 12)
		for i := range names {
			var b strings.Builder
			for range 1 + rng.IntN(6) {
				b.WriteString(strings.Repeat(string("ab/é"[rng.IntN(3)]), 1+rng.IntN(30)))
			}
			names[i] = b.String()
		}
		cut := cutNames(names, 20+rng.IntN(30))
		of := map[string]string{}
		for i, c := range cut {
			if other, met := of[c]; met && other != names[i] {
				t.Fatalf("%q and %q are both printed as %q", other, names[i], c)
			}
			of[c] = names[i]
		}
	}
}
