package table

import (
	"regexp"
	"strconv"
)

// Part is a part of a table's rows, from and to as fractions of them.
type Part struct{ From, To float64 }

// PartPattern is how a part is written: 50%, or 50-100%.
const PartPattern = `^[0-9]{1,3}(\.[0-9]+)?(-[0-9]{1,3}(\.[0-9]+)?)?%$`

var (
	partText    = regexp.MustCompile(PartPattern)
	partNumbers = regexp.MustCompile(`^([0-9.]+)(?:-([0-9.]+))?%$`)
)

// ParsePart reads a part; ok is false where a text is none, and where nothing or more
// than all is in it.
func ParsePart(text string) (p Part, ok bool) {
	m := partNumbers.FindStringSubmatch(text)
	if m == nil || !partText.MatchString(text) {
		return Part{}, false
	}
	p.To = percent(m[1])
	if m[2] != "" {
		p = Part{percent(m[1]), percent(m[2])}
	}
	return p, p.From < p.To && p.To <= 1
}

func percent(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 2 // more than all: the pattern lets no such text through
	}
	return n / 100
}

// Rows are the first row of a part, from 0, and the one behind it, of so many: one at
// least.
func (p Part) Rows(n int) (from, to int) {
	from = min(int(p.From*float64(n)+0.5), n-1)
	return from, max(int(p.To*float64(n)+0.5), from+1)
}
