package cli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/cli/order"
)

func TestWithValues(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"taskbench run --pin":                       "taskbench run --pin=halves",
		"taskbench run --pin 0:1 health":            "taskbench run --pin=0:1 health",
		"taskbench run --pin 0-1,4:2-3":             "taskbench run --pin=0-1,4:2-3",
		"taskbench run --pin health":                "taskbench run --pin=halves health",
		"taskbench run --pin --quick":               "taskbench run --pin=halves --quick",
		"taskbench run --pin=0:1":                   "taskbench run --pin=0:1",
		"taskbench run --resume":                    "taskbench run --resume=latest",
		"taskbench micro run --resume rust=../rust": "taskbench micro run --resume=latest rust=../rust",
		"taskbench run --resume t9x1 --max-time":    "taskbench run --resume=t9x1 --max-time",
		"taskbench run -resume t9x1":                "taskbench run -resume=t9x1",
		"taskbench run -- --pin":                    "taskbench run -- --pin",
		"taskbench run pin resume":                  "taskbench run pin resume",
	} {
		got := withValues(strings.Fields(line))
		if d := cmp.Diff(strings.Fields(want), got); d != "" {
			t.Errorf("%s (-want +got)\n%s", line, d)
		}
	}
}

func TestPairsValue(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]order.PairsValue{"auto": 0, "1": 1, "10000": 10000} {
		var v order.PairsValue
		if err := v.Set(text); err != nil || v != want {
			t.Errorf("%q: %d, %v; want %d", text, v, err, want)
		}
	}
	for _, text := range []string{"", "0", "-1", "10001", "many", "2.5"} {
		if new(order.PairsValue).Set(text) == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}
