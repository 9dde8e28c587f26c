package measure

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"taskbench/compare/stats"
	"taskbench/internal/config"
	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/results"
)

// floorsFile is beside the results: what calibrations have found that starts of
// servers differ by.
const floorsFile = ".start_floors.json"

// startFloor is what two starts of the server at an address differ by on a machine.
type startFloor struct {
	URL      string    `json:"url"`
	CPU      string    `json:"cpu_model"`
	Cores    int       `json:"cores"`
	Fraction float64   `json:"start_floor_fraction"`
	Measured time.Time `json:"measured"`
}

func readFloors(dir string) (list []startFloor, err error) {
	text, err := os.ReadFile(filepath.Join(dir, floorsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return list, json.Unmarshal(text, &list)
}

// keepFloor writes down what was found of a server at its addresses, in place of
// what was known of it on this machine.
func keepFloor(dir string, targets []server.Spec, fraction float64, now time.Time) error {
	list, err := readFloors(dir)
	if err != nil {
		return err
	}
	here := machine.Describe()
	for _, t := range targets {
		one := startFloor{URL: t.URL, CPU: here.CPUModel, Cores: here.Cores, Fraction: fraction, Measured: now}
		list = append(slices.DeleteFunc(list, one.alike), one)
	}
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return results.WriteFile(filepath.Join(dir, floorsFile), append(text, '\n'))
}

// alike reports whether it is of the same server on the same machine.
func (f startFloor) alike(other startFloor) bool {
	return f.URL == other.URL && f.CPU == other.CPU && f.Cores == other.Cores
}

// floorFor is what starts of a run's servers may differ by: as configured, or as it
// was measured here of those that run already, the most; nil where it was of none.
// A file that cannot be read is none: a run does not depend on it.
func floorFor(cfg config.Config) *float64 {
	list, err := readFloors(cfg.Results)
	if cfg.StartFloor != nil || err != nil || len(list) == 0 {
		return cfg.StartFloor
	}
	here, floor, known := machine.Describe(), 0.0, false
	for _, t := range cfg.Targets {
		if t.Start != "" {
			continue
		}
		of := startFloor{URL: t.URL, CPU: here.CPUModel, Cores: here.Cores, Fraction: stats.StartFloor}
		if i := slices.IndexFunc(list, of.alike); i >= 0 {
			of, known = list[i], true
		}
		floor = max(floor, of.Fraction)
	}
	if !known || !(floor >= 0 && floor < 1) {
		return nil
	}
	return &floor
}
