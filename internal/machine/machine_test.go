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
