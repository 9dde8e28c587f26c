package parse

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"taskbench/internal/source"
)

// PerfCount is one event in one interval of `perf stat -x, -I`.
type PerfCount struct {
	AtS   float64 // end of the interval, in s since perf began to count
	Event string  // as it was asked for; once for each kind of core where a processor has several: "cpu_atom/instructions/u"
	Unit  string  // "msec" of task-clock; "" for plain counts
	// N is how often it happened, in Unit. It is an estimate where Running is
	// below 1: what was counted, divided by Running.
	N float64
	// Running is the share of the processes' own running time in which the
	// event had a counter of the processor, 0 to 1: others may want it, too. It
	// is 1 in an interval in which nothing ran.
	Running float64
	// Supported is false where the machine cannot count the event. Then N and
	// Running are 0.
	Supported bool
}

// PerfStat reads what `perf stat -x, -I` prints, under LC_ALL=C, and hands
// each count to each as soon as its line is complete, so that a reader of a
// pipe can tell when it came; an error of each ends the reading and is
// returned. Comments, and the ratios that perf adds of its own, are skipped.
//
// name is only for messages. The error is a *source.Error unless it comes from
// each; it names the line that is not perf's. A text without counts is no error.
func PerfStat(name string, r io.Reader, each func(PerfCount) error) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		c, ratio, err := perfCount(strings.Split(text, ","))
		if err != nil {
			e := source.Errorf(source.Position{File: name, Line: n}, "it must be what `LC_ALL=C perf stat -x, -I 100` prints",
				"not a line of perf stat: %v", err)
			e.Excerpt = text[:min(len(text), 200)]
			return e
		}
		if ratio {
			continue
		}
		if err := each(c); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			return source.Errorf(source.Position{File: name}, "", "a line is longer than %d bytes: not what perf stat prints", bufio.MaxScanTokenSize)
		}
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// What perf writes in the place of a count.
const (
	perfNotCounted   = "<not counted>"
	perfNotSupported = "<not supported>"
)

// perfCount reads time, count, unit, event, running time in ns, running share
// in percent. What follows are ratios; a line of those alone has neither count
// nor event.
func perfCount(f []string) (c PerfCount, ratio bool, err error) {
	const at, count, unit, event, ran, running, fields = 0, 1, 2, 3, 4, 5, 6
	if len(f) < fields {
		return c, false, fmt.Errorf("%d of %d fields", len(f), fields)
	}
	if c.AtS, err = perfNumber(f[at]); err != nil {
		return c, false, err
	}
	if f[count] == "" && f[event] == "" {
		return c, true, nil
	}
	c.Unit, c.Event = f[unit], f[event]
	if c.Event == "" {
		return c, false, errors.New("no event")
	}
	if f[count] == perfNotSupported {
		return c, false, nil
	}
	c.Supported = true
	share, err := perfNumber(f[running])
	if err != nil {
		return c, false, err
	}
	if _, err := perfNumber(f[ran]); err != nil { // a decimal comma would shift the fields unseen
		return c, false, err
	}
	c.Running = min(share/100, 1)
	if f[count] != perfNotCounted {
		c.N, err = perfNumber(f[count])
	}
	return c, false, err
}

// perfNumber is finite and not negative, and without exponent or sign.
func perfNumber(text string) (float64, error) {
	text = strings.TrimSpace(text)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.Trim(text, "0123456789.") != "" {
		return 0, fmt.Errorf("%q is no number", text)
	}
	return v, nil
}
