package server

import "testing"

func TestKilobytes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       uint64 // 0: none
	}{
		{"one line", "VmHWM:\t   12 kB\n", 12 << 10},
		{"another key before", "VmRSS: 5 kB\nVmHWM: 7 kB\n", 7 << 10},
		{"missing", "VmRSS: 5 kB\n", 0},
		{"no number", "VmHWM: many kB\n", 0},
		{"nothing behind", "VmHWM:", 0},
		{"absurd", "VmHWM: 99999999999999999 kB", 0},
	}
	for _, c := range cases {
		got := kilobytes([]byte(c.text), "VmHWM:")
		if c.want == 0 && got != nil || c.want != 0 && (got == nil || *got != c.want) {
			t.Errorf("%s: %v, want %d", c.name, got, c.want)
		}
	}
}
