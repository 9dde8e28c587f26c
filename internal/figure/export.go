package figure

import "strings"

// Kebab is the key without its unit, in words joined by dashes: "flow-p95".
func (f *Figure) Kebab() string {
	name := f.Key
	for _, unit := range []string{"_us", "_per_s", "_bytes"} {
		name = strings.TrimSuffix(name, unit)
	}
	return strings.ReplaceAll(name, "_", "-")
}

// Family is the OpenMetrics family that the figure belongs to, its unit, what to
// multiply a value by, and the percentile that it is of a family of several.
func (f *Figure) Family() (name, unit, help string, scale float64, label string) {
	scale = 1
	switch f.Unit.Name {
	case Time.Name:
		unit, scale = "seconds", 1e-6
	case Binary.Name:
		unit = "bytes"
	case Fraction.Name:
		unit = "ratio"
	}
	name = f.Export.Family
	if name == "" {
		name = "taskbench_" + strings.TrimSuffix(f.Key, "_"+f.Unit.Name)
		if unit != "" {
			name += "_" + unit
		}
	}
	if help = f.Export.Help; help == "" {
		help = f.Name + "."
	}
	return name, unit, help, scale, f.Export.Label
}

// Benchstat is the figure's unit in Go's benchmark text, and what to multiply a
// value by: times are in ns, which benchstat shows as seconds. "" for fractions:
// it would print ratios of zeros.
func (f *Figure) Benchstat() (unit string, scale float64) {
	scale = 1
	if f.Unit.Name == Time.Name {
		scale = 1e3
	}
	switch {
	case f.Unit.Name == Fraction.Name:
		return "", 0
	case f.Export.Benchstat != "":
		return f.Export.Benchstat, scale
	case f.Unit.Name == Time.Name:
		return f.Kebab() + "-ns", scale
	case f.Unit.Name == Binary.Name:
		return f.Kebab() + "-B", scale
	}
	return f.Kebab(), scale
}

// Action is the figure's unit for github-action-benchmark, and what to multiply a
// value by; it prefers units that the action rescales by itself.
func (f *Figure) Action() (unit string, scale float64) {
	switch {
	case f.Export.Action != "":
		return f.Export.Action, 1
	case f.Unit.Name == Binary.Name:
		return "MiB", 1.0 / (1 << 20)
	case f.Unit.Name == Fraction.Name:
		return "%", 100
	case f.Unit.Name == Time.Name:
		return "us", 1
	}
	return f.Kebab(), 1
}

// Bencher is the figure's measure in the Bencher Metric Format, and what to
// multiply a value by: its own latency is in ns.
func (f *Figure) Bencher() (measure string, scale float64) {
	scale = 1
	if f.Unit.Name == Time.Name {
		scale = 1e3
	}
	if f.Export.Bencher != "" {
		return f.Export.Bencher, scale
	}
	return f.Kebab(), scale
}
