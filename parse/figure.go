package parse

import (
	"math"
	"strconv"
	"strings"
)

// units maps what may stand behind a number to base units.
type units map[string]float64

// Units as wrk prints them (src/units.c): it goes to the next unit at 0.85 of
// it, so that 0.93ms and 1.20m are normal. m is a minute, M is mega; K of
// bytes is 1024, k of anything else 1000.
var (
	timeUnits   = units{"us": 1, "ms": 1e3, "s": 1e6, "m": 60e6, "h": 3600e6} // to µs
	secondUnits = units{"s": 1, "m": 60, "h": 3600}                           // to s
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

// readFigure reads a number with its unit; ok is false for nan, inf, a sign,
// an unknown unit, or anything else that is no plain decimal.
func readFigure(text string, known units) (f figure, ok bool) {
	end := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if end < 0 {
		end = len(text)
	}
	scale, ok := known[text[end:]]
	if !ok {
		return figure{}, false
	}
	whole, decimals, _ := strings.Cut(text[:end], ".")
	if strings.Contains(decimals, ".") {
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

func readCount(text string) *uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// value reads a figure whose rounding is of no interest; nil if it is none.
func value(text string, known units) *float64 {
	if f, ok := readFigure(text, known); ok {
		return &f.value
	}
	return nil
}

// rounded reads a figure and notes its rounding under key.
func (r *Report) rounded(key, text string, known units) *float64 {
	f, ok := readFigure(text, known)
	if !ok {
		return nil
	}
	if r.RoundingHalfWidth == nil {
		r.RoundingHalfWidth = Rounding{}
	}
	r.RoundingHalfWidth[key] = f.halfWidth
	return &f.value
}
