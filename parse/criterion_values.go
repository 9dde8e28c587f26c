package parse

import (
	"bytes"
	"encoding/csv"
	"math"

	"github.com/tidwall/gjson"
)

// estimates reads the object of estimates; its keys are capitalised before
// Criterion 0.3.3.
func estimates(v gjson.Result) MicroEstimates {
	get := func(now, before string) *MicroEstimate {
		e := v.Get(now)
		if !e.Exists() {
			e = v.Get(before)
		}
		return estimate(e.Get("point_estimate"), e.Get("confidence_interval.lower_bound"), e.Get("confidence_interval.upper_bound"),
			e.Get("confidence_interval.confidence_level"), e.Get("standard_error"))
	}
	return MicroEstimates{
		Mean: get("mean", "Mean"), Median: get("median", "Median"), MAD: get("median_abs_dev", "MedianAbsDev"),
		StdDev: get("std_dev", "StdDev"), Slope: get("slope", "Slope"),
	}
}

// estimate is nil unless the figure and its bounds are numbers: Criterion
// writes what is not finite as null. The error and the level may be absent.
func estimate(point, low, high, level, standardError gjson.Result) *MicroEstimate {
	e := MicroEstimate{number(point), number(low), number(high), number(level), number(standardError)}
	if math.IsNaN(e.Point) || math.IsNaN(e.Low) || math.IsNaN(e.High) {
		return nil
	}
	if math.IsNaN(e.Level) {
		e.Level = 0
	}
	if math.IsNaN(e.StandardError) {
		e.StandardError = 0
	}
	return &e
}

// number is NaN for whatever is not a finite JSON number.
func number(v gjson.Result) float64 {
	if v.Type != gjson.Number || math.IsInf(v.Num, 0) {
		return math.NaN()
	}
	return v.Num
}

func numbers(list gjson.Result) []float64 {
	if !list.IsArray() {
		return nil
	}
	const usual = 100 // samples
	out := make([]float64, 0, usual)
	list.ForEach(func(_, v gjson.Result) bool {
		out = append(out, number(v))
		return true
	})
	return out
}

// csvField is a field of the first line after the header, if the header calls
// that column so.
func csvField(data []byte, name string, column int) string {
	r := csv.NewReader(bytes.NewReader(data))
	for line := range 2 {
		fields, err := r.Read()
		if err != nil || len(fields) <= column || line == 0 && fields[column] != name {
			return ""
		}
		if line == 1 {
			return fields[column]
		}
	}
	return ""
}
