package parse

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// units maps what may stand behind a number to base units.
type units map[string]float64

// Units as wrk prints them (src/units.c): it goes to the next unit at 0.85 of
// it, so that 0.93ms and 1.20m are normal. m is a minute, M is mega; K of
// bytes is 1024, k of anything else 1000.
var (
	timeUnits   = units{"us": 1, "µs": 1, "ms": 1e3, "s": 1e6, "m": 60e6, "h": 3600e6} // to µs
	secondUnits = units{"s": 1, "m": 60, "h": 3600}                                    // to s
	byteUnits   = units{"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40, "PB": 1 << 50}
	metricUnits = units{"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
	millisecond = units{"": 1e3} // wrk2's spectrum, to µs
	plain       = units{"": 1}
	percent     = units{"%": 0.01} // to a fraction
)

// figure is a printed number in base units.
type figure struct {
	value     float64
	halfWidth float64 // the number was rounded to value ± halfWidth
}

// counts have no unit and no decimals.
var counts = units{}

// expected says which units a figure may have.
func (u units) expected() string {
	var names []string
	for name := range u {
		if name != "" && name != "µs" {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(u[a], u[b]) })
	list := strings.Join(names, ", ")
	_, bare := u[""]
	switch {
	case list == "":
		return "a plain number is expected"
	case bare:
		return "a number is expected, plain or with " + list
	}
	return "a number with its unit is expected: " + list
}

// readFigure reads a number with its unit; ok is false for nan, inf, a sign,
// an unknown unit, or anything else that is no plain decimal.
func readFigure(text string, known units) (f figure, ok bool) {
	end := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && !strings.ContainsRune(separators, r) })
	if end < 0 {
		end = len(text)
	}
	scale, ok := known[text[end:]]
	if !ok {
		return figure{}, false
	}
	whole, decimals, ok := splitNumber(text[:end])
	if !ok {
		return figure{}, false
	}
	digits, err := strconv.ParseFloat(whole+decimals, 64) // an integer: no binary fraction creeps in
	if err != nil {
		return figure{}, false
	}
	up, down := scale, math.Pow10(len(decimals))
	if scale < 1 {
		up, down = 1, down/scale
	}
	f = figure{value: digits * up / down, halfWidth: up / down / 2}
	return f, !math.IsInf(f.value, 0) && !math.IsNaN(f.value)
}

// separators are what stands between thousands, or before decimals, here or
// there in the world.
const separators = ".,'’_"

// thousands are digits in groups of three, all with one separator.
var thousands = regexp.MustCompile(`^\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:['’_]\d{3})+)$`)

// splitNumber takes a number apart at its decimal separator. wrk writes a
// point; text that went through a spreadsheet or a locale may have a comma, and
// thousands apart. 1,234 may be either, and is not read.
func splitNumber(text string) (whole, decimals string, ok bool) {
	whole = text
	at := strings.LastIndexAny(text, ".,")
	if at >= 0 {
		whole, decimals = text[:at], text[at+1:]
	}
	switch {
	case !strings.ContainsAny(whole, separators):
		return whole, decimals, at < 0 || text[at] == '.' || len(decimals) != 3
	case at < 0:
		return ungrouped(text), "", thousands.MatchString(text)
	case thousands.MatchString(text): // 1,234,567
		return ungrouped(text), "", true
	}
	return ungrouped(whole), decimals, !strings.ContainsRune(whole, rune(text[at])) && thousands.MatchString(whole)
}

func ungrouped(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(separators, r) {
			return -1
		}
		return r
	}, text)
}

// readCount reads a whole number, which may have its thousands apart.
func readCount(text string) *uint64 {
	if thousands.MatchString(text) {
		text = ungrouped(text)
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// rounded reads a figure and notes its rounding under key; nil if it is none.
func (r *Printout) rounded(key, text string, known units) *float64 {
	f, ok := readFigure(text, known)
	if !ok {
		return nil
	}
	r.round(key, f)
	return &f.value
}

func (r *Printout) round(key string, f figure) {
	if r.RoundingHalfWidth == nil {
		r.RoundingHalfWidth = Rounding{}
	}
	r.RoundingHalfWidth[key] = f.halfWidth
}
