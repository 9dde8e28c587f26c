package measure

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"taskbench/compare/stats"
	"taskbench/internal/config"
	"taskbench/internal/server"
)

// TestStartFloors: what a calibration found of a server holds for runs against it by
// its address, on this machine, and never for less than a server of which nothing
// is known.
func TestStartFloors(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "results")
	at := func(urls ...string) (list []server.Spec) {
		for _, url := range urls {
			list = append(list, server.Spec{Name: "a", URL: url})
		}
		return list
	}
	keep := func(fraction float64, urls ...string) {
		t.Helper()
		if err := keepFloor(dir, at(urls...), fraction, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	cfg := config.Config{Results: dir, Targets: at("http://h:1", "http://h:2")}
	if f := floorFor(cfg); f != nil {
		t.Errorf("nothing was measured, and the floor is %g", *f)
	}
	keep(0.05, "http://h:1")
	keep(0.004, "http://h:1", "http://h:2")
	started := server.Spec{Name: "b", URL: "http://h:3", Start: "x"}
	configured := 0.03
	for name, c := range map[string]struct {
		cfg  config.Config
		want float64
	}{
		"both known":       {cfg, 0.004},
		"one is not known": {config.Config{Results: dir, Targets: at("http://h:1", "http://h:9")}, stats.StartFloor},
		"one is started":   {config.Config{Results: dir, Targets: append(at("http://h:1"), started)}, 0.004},
		"configured":       {config.Config{Results: dir, Targets: cfg.Targets, StartFloor: &configured}, 0.03},
	} {
		if f := floorFor(c.cfg); f == nil || *f != c.want {
			t.Errorf("%s: %v, want %g", name, f, c.want)
		}
	}
	if f := floorFor(config.Config{Results: dir, Targets: at("http://h:8", "http://h:9")}); f != nil {
		t.Errorf("of servers that nothing is known of: %g", *f)
	}
	if err := os.WriteFile(filepath.Join(dir, floorsFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f := floorFor(cfg); f != nil {
		t.Errorf("a damaged file gives %g", *f)
	}
	if err := keepFloor(dir, at("http://h:1"), 0.01, time.Now()); err == nil {
		t.Error("a damaged file is written over")
	}
}
