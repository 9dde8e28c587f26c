package arrivals

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"taskbench/internal/source"
)

// Pattern is how a rate is written, as a regular expression; SpanPattern how a
// stage's is, which may change.
const (
	Pattern     = `^ *([0-9]{1,9}(\.[0-9]{1,9})?) */ *(s|min|h) *$`
	SpanPattern = `^ *[0-9]{1,9}(\.[0-9]{1,9})? */ *(s|min|h) *((->|→) *[0-9]{1,9}(\.[0-9]{1,9})? */ *(s|min|h) *)?$`
)

var written = regexp.MustCompile(Pattern)

var units = []struct {
	name    string
	seconds float64
}{{"s", 1}, {"min", 60}, {"h", 3600}}

// notRate says how a text that is no rate may have been meant.
func notRate(text string) error {
	text = strings.TrimSpace(text)
	hint := "write it like 2000/s, 30/min or 100/h"
	if plainNumber.MatchString(text) {
		hint = "write " + text + "/s"
	}
	return source.WithHint(fmt.Errorf("%q is not a rate", text), hint)
}

var (
	plainNumber = regexp.MustCompile(`^[0-9]*[1-9][0-9]*$`)
	zero        = regexp.MustCompile(`^[-+]?0+(\.0+)?$`)
)

// errZero is a rate of nothing.
var errZero = source.WithHint(errors.New("a rate of 0 sends nothing"), "leave the rate out for closed loops, or write one from 1/h on")

// Parse reads a rate, in arrivals per second, from Least to Most.
func Parse(text string) (float64, error) {
	rate, err := parse(text)
	switch {
	case err != nil:
		return 0, err
	case rate == 0:
		return 0, errZero
	}
	return rate, nil
}

// ParseSpan reads the rate of a stage: one, or two with an arrow between them.
// One of the two may be 0.
func ParseSpan(text string) (from, to float64, err error) {
	first, second, ramp := strings.Cut(strings.ReplaceAll(text, "→", "->"), "->")
	if !ramp {
		from, err = Parse(text)
		return from, from, err
	}
	if from, err = parse(first); err != nil {
		return 0, 0, err
	}
	if to, err = parse(second); err != nil {
		return 0, 0, err
	}
	if from == 0 && to == 0 {
		return 0, 0, errZero
	}
	return from, to, nil
}

// parse allows 0.
func parse(text string) (float64, error) {
	m := written.FindStringSubmatch(text)
	if m == nil {
		switch word := strings.TrimSpace(text); {
		case zero.MatchString(word):
			return 0, nil
		case strings.HasPrefix(word, "-"):
			return 0, fmt.Errorf("a rate cannot be negative: %q", word)
		}
		return 0, notRate(text)
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, notRate(text)
	}
	for _, u := range units {
		if u.name == m[3] {
			n /= u.seconds
		}
	}
	switch {
	case n > Most:
		return 0, fmt.Errorf("no number of virtual users reaches %s: the highest rate is %s", strings.TrimSpace(text), Text(Most))
	case n > 0 && n < Least:
		return 0, fmt.Errorf("%s is less than one arrival an hour", strings.TrimSpace(text))
	}
	return n, nil
}

// Read reads a plan as Plan.RateText and Plan.Way write it; "" is none.
func Read(rate, arrival string) (Plan, error) {
	p := Plan{Arrival: Arrival(arrival)}
	var err error
	switch {
	case rate == "":
		return Plan{}, nil
	case !strings.Contains(rate, stageFor):
		p.Rate, err = Parse(rate)
		return p, err
	}
	for part := range strings.SplitSeq(rate, ", ") {
		span, length, _ := strings.Cut(part, stageFor)
		var s Stage
		if s.From, s.To, err = ParseSpan(span); err != nil {
			return Plan{}, err
		}
		if s.Duration, err = time.ParseDuration(length); err != nil {
			return Plan{}, err
		}
		p.Stages = append(p.Stages, s)
	}
	return p, nil
}

// stageFor stands between a stage's rate and its length.
const stageFor = " for "

// None stands for no rate at all: load in closed loops.
const None = "none"

// ParseFlag reads a rate, or None as 0; FlagText writes it.
func ParseFlag(text string) (float64, error) {
	if text == None {
		return 0, nil
	}
	return Parse(text)
}

// FlagText is a rate as ParseFlag reads it.
func FlagText(rate float64) string {
	if rate == 0 {
		return None
	}
	return Text(rate)
}
