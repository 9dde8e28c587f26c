package machine

import "testing"

func TestDescribe(t *testing.T) {
	e := Describe()
	if e.Cores < 1 {
		t.Errorf("cores = %d, want at least one", e.Cores)
	}
	if e.MemoryBytes < 1<<20 {
		t.Errorf("memory = %d bytes, want a machine's", e.MemoryBytes)
	}
	if e.OS == "" || e.Kernel == "" {
		t.Errorf("os %q, kernel %q: want both named", e.OS, e.Kernel)
	}
}

func TestTurbo(t *testing.T) {
	for _, c := range []struct{ noTurbo, boost, want string }{
		{"0", "", "on"}, {"1", "", "off"}, {"", "1", "on"}, {"", "0", "off"}, {"", "", ""},
	} {
		if got := turbo(c.noTurbo, c.boost); got != c.want {
			t.Errorf("no_turbo %q, boost %q: %q, want %q", c.noTurbo, c.boost, got, c.want)
		}
	}
}
