package taskflow

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParsePercent reads a share, "8%" as 0.08. A bare number is refused: it could
// mean either.
func ParsePercent(text string) (float64, error) {
	number, ok := strings.CutSuffix(strings.TrimSpace(text), "%")
	if !ok {
		return 0, fmt.Errorf("%q is not a percentage: write it with its sign, such as 8%%", text)
	}
	value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || value < 0 || math.IsInf(value, 0) || math.IsNaN(value) {
		return 0, fmt.Errorf("%q is not a percentage: write a number of 0 or more, such as 8%%", text)
	}
	return value / 100, nil
}

// ParseStall reads LENGTH/EVERY, such as "200ms/10s"; "" is no stall.
func ParseStall(text string) (Stall, error) {
	if text == "" {
		return Stall{}, nil
	}
	length, every, ok := strings.Cut(text, "/")
	if !ok {
		return Stall{}, fmt.Errorf("stall %q: write LENGTH/EVERY, such as 200ms/10s", text)
	}
	var s Stall
	for _, part := range []struct {
		text string
		to   *time.Duration
	}{{length, &s.Length}, {every, &s.Every}} {
		d, err := time.ParseDuration(strings.TrimSpace(part.text))
		if err != nil {
			return Stall{}, fmt.Errorf("stall %q: %q is not a duration: write LENGTH/EVERY, such as 200ms/10s", text, part.text)
		}
		*part.to = d
	}
	if s.Length <= 0 || s.Length >= s.Every {
		return Stall{}, fmt.Errorf("stall %q: the length must be above 0 and below the interval, such as 200ms/10s", text)
	}
	return s, nil
}

// byteUnits are the units of ParseByteRate, longest names first so that "B"
// does not shadow the others.
var byteUnits = []struct {
	name  string
	bytes float64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"B", 1},
}

// ParseByteRate reads bytes per second, such as "1MB/s" or "512KiB/s"; "" is 0.
func ParseByteRate(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	wrong := fmt.Errorf("%q is not a rate in bytes: write such as 1MB/s (B, kB, MB, GB, KiB, MiB, GiB)", text)
	size, ok := strings.CutSuffix(strings.TrimSpace(text), "/s")
	if !ok {
		return 0, wrong
	}
	for _, unit := range byteUnits {
		number, ok := strings.CutSuffix(size, unit.name)
		if !ok {
			continue
		}
		value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || value < 0 || math.IsInf(value, 0) || math.IsNaN(value) {
			return 0, wrong
		}
		return value * unit.bytes, nil
	}
	return 0, wrong
}

// percent, byteRate and short print what the parsers read.

func percent(share float64) string {
	return strconv.FormatFloat(share*100, 'g', 6, 64) + "%"
}

func byteRate(bytes float64) string {
	for _, unit := range []struct {
		name  string
		bytes float64
	}{{"GB/s", 1e9}, {"MB/s", 1e6}, {"kB/s", 1e3}} {
		if bytes >= unit.bytes {
			return strconv.FormatFloat(bytes/unit.bytes, 'g', -1, 64) + unit.name
		}
	}
	return strconv.FormatFloat(bytes, 'g', -1, 64) + "B/s"
}

// short is Duration.String without the zero units at its end: 1m, not 1m0s.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
