package parse

import (
	"math"
	"strings"
	"testing"
)

func TestReadFigure(t *testing.T) {
	t.Parallel()
	cases := []struct {
		text             string
		units            units
		value, halfWidth float64
	}{
		{"850.00us", timeUnits, 850, 0.005},
		{"0.93ms", timeUnits, 930, 5},
		{"1.05ms", timeUnits, 1050, 5},
		{"31.08ms", timeUnits, 31080, 5},
		{"1.10s", timeUnits, 1_100_000, 5000},
		{"1.20m", timeUnits, 72_000_000, 300_000},
		{"2.00h", timeUnits, 7_200_000_000, 18_000_000},
		{"12s", secondUnits, 12, 0.5},
		{"2m", secondUnits, 120, 30},
		{"0.00B", byteUnits, 0, 0.005},
		{"245.87KB", byteUnits, 251_770.88, 5.12},
		{"2.88MB", byteUnits, 3_019_898.88, 5242.88},
		{"1.78GB", byteUnits, 1_911_260_446.72, 5_368_709.12},
		{"1.00TB", byteUnits, 1 << 40, (1 << 40) * 0.005},
		{"187.39", metricUnits, 187.39, 0.005},
		{"14.26k", metricUnits, 14_260, 5},
		{"0.98k", metricUnits, 980, 5},
		{"1.32M", metricUnits, 1_320_000, 5000},
		{"0.90G", metricUnits, 900_000_000, 5_000_000},
		{"2.00T", metricUnits, 2e12, 5e9},
		{"83.29%", percent, 0.8329, 0.00005},
		{"2.031", millisecond, 2031, 0.5},
	}
	for _, c := range cases {
		got, ok := readFigure(c.text, c.units)
		if !ok || !near(got.value, c.value) || !near(got.halfWidth, c.halfWidth) {
			t.Errorf("%s: %+v, %v, want %g ± %g", c.text, got, ok, c.value, c.halfWidth)
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(b) }

func TestReadFigureRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "us", "-nan%", "nan", "inf", "-1.00ms", "+1ms", "1e3us", "1.2.3us", "12", "12xs", "12 us", ".us", "1\xffus",
		strings.Repeat("9", 400) + "us"} {
		if got, ok := readFigure(text, timeUnits); ok {
			t.Errorf("%q is %+v", text, got)
		}
	}
}
