package hosts

import (
	"os"
	"path/filepath"
	"testing"
)

// A second is told when all have told it, and once.
func TestAddSeconds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b, to := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "to")
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	told := 0
	for _, c := range []struct{ a, b, want string }{
		{"0 5 1\n1 6 0\n", "", ""},
		{"0 5 1\n1 6 0\n", "0 7 0\n1 8", "0 12 1\n"}, // the second one is not whole
		{"0 5 1\n1 6 0\n2 1 1\n", "0 7 0\n1 8 2\n", "0 12 1\n1 14 2\n"},
		{"0 5 1\n1 6 0\n2 1 1\n", "0 7 0\n1 8 2\nnonsense\n", "0 12 1\n1 14 2\n"},
		{"0 5 1\n1 6 0\n2 1 1\n3 9 9\n", "0 7 0\n1 8 2\n2 0 0\n3 1 1\n", "0 12 1\n1 14 2\n2 1 1\n3 10 10\n"},
	} {
		write(a, c.a)
		write(b, c.b)
		told = addSeconds([]string{a, b}, to, told)
		if got, _ := os.ReadFile(to); string(got) != c.want {
			t.Errorf("%q and %q: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}
