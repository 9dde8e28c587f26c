package lineup

import (
	"slices"
	"testing"

	"taskbench/results"
)

// Another program that sends is no other machine; another version of it is.
func TestOtherMachineOfGenerators(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		there, here string
		want        []string
	}{
		{"debian/4.1.0-3", "k6 1.8.1", nil},
		{"k6 1.8.1", "4.1.0 [epoll]", nil},
		{"wrk2 4.0.0", "k6 1.8.1", nil},
		{"k6 1.8.1", "k6 1.9.0", []string{"wrk", "k6 1.9.0", "k6 1.8.1"}},
		{"4.1.0 [epoll]", "debian/4.1.0-3", []string{"wrk", "debian/4.1.0-3", "4.1.0 [epoll]"}},
	} {
		if got := OtherMachine(results.Environment{WrkVersion: c.there}, results.Environment{WrkVersion: c.here}); !slices.Equal(got, c.want) {
			t.Errorf("%s and %s: %v, want %v", c.there, c.here, got, c.want)
		}
	}
}
