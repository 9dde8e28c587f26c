package yamlfile

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Duration reads "10s", "500ms", "1m30s" within a range.
func (r *Reader) Duration(n *Node, what string, low, high time.Duration) time.Duration {
	return r.duration(n, what, low, high, likely)
}

// Pause reads how long is waited, an hour at most: that is often a few milliseconds.
func (r *Reader) Pause(n *Node, what string) time.Duration {
	return r.duration(n, what, 0, time.Hour, 0)
}

// duration reads one of which a number without a unit may be in milliseconds from
// some number on.
func (r *Reader) duration(n *Node, what string, low, high, shortest time.Duration) time.Duration {
	d, err := time.ParseDuration(strings.ReplaceAll(n.Text, " ", ""))
	switch {
	case n.Kind == Scalar && sexagesimal.MatchString(n.Text):
		r.Fail(n.Pos, "write it like 1m30s", "%s is not a duration: %q", what, n.Text)
	case n.Kind != Scalar || n.Value == nil:
		r.Fail(n.Pos, "write it like 10s, 500ms or 1m30s", "%s must be a duration, not %s", what, n.Describe())
	case err != nil && isNumber(n.Value) && !r.Clear(n):
	case err != nil && isNumber(n.Value):
		r.Fail(n.Pos, withUnit(n.Text, low, high, shortest), "%s needs a unit: %s", what, n.Text)
	case err != nil:
		r.Fail(n.Pos, cmp.Or(usualUnit(n.Text), "write it like 10s, 500ms or 1m30s"), "%s is not a duration: %q", what, n.Text)
	case d < low:
		r.Fail(n.Pos, "", "%s must be at least %s, not %s", what, FormatDuration(low), n.Text)
	case d > high:
		r.Fail(n.Pos, "", "%s must be at most %s, not %s", what, FormatDuration(high), n.Text)
	default:
		return d
	}
	return 0
}

// likely is the least length that is likely to be meant in milliseconds.
const likely = 20 * time.Millisecond

// withUnit is what a number without a unit may mean within a range.
func withUnit(number string, low, high, shortest time.Duration) string {
	var meant []string
	for _, unit := range []string{"ms", "s"} {
		d, err := time.ParseDuration(number + unit)
		if err != nil || d < low || d > high || unit == "ms" && d < shortest {
			continue
		}
		meant = append(meant, number+unit)
	}
	if len(meant) == 0 {
		return "write it like 10s, 500ms or 1m30s"
	}
	return "did you mean " + strings.Join(meant, " or ") + "?"
}

// longUnit is a unit as people write it.
var longUnit = regexp.MustCompile(`(?i)^([0-9.]+) *(?:(ms|msecs?|millis|milliseconds?)|(s|secs?|seconds?)|(m|mins?|minutes?)|(h|hours?|hrs?))$`)

// usualUnit is a duration in the units that can be read.
func usualUnit(text string) string {
	m := longUnit.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	for i, unit := range []string{"ms", "s", "m", "h"} {
		if m[i+2] != "" {
			return fmt.Sprintf("did you mean %s%s?", m[1], unit)
		}
	}
	return ""
}

// FormatDuration writes a duration without the zero seconds and minutes Go prints: 2m, 24h.
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
