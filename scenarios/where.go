package scenarios

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"taskbench/internal/yamlfile"
)

// partPattern is a part of the rows: 50%, or 50-100%.
const partPattern = `^[0-9]{1,3}(\.[0-9]+)?(-[0-9]{1,3}(\.[0-9]+)?)?%$`

var partText = regexp.MustCompile(partPattern)

// rowPart is a part of a feeder's rows, from and to as fractions.
type rowPart struct{ from, to float64 }

// everyTarget is where the part of all targets is kept that are not named.
const everyTarget = ""

// rowParts reads which part of the rows each target uses.
func (r *reader) rowParts(f *Feeder, n *yamlfile.Node) {
	f.where = map[string]rowPart{}
	if n.Kind == yamlfile.Scalar {
		f.where[everyTarget] = r.rowPart(n)
		return
	}
	if !r.Want(n, yamlfile.Mapping, "where") {
		return
	}
	for _, p := range n.Pairs {
		r.checkTarget(p.Key, p.Pos)
		f.where[p.Key] = r.rowPart(p.Value)
	}
}

func (r *reader) rowPart(n *yamlfile.Node) rowPart {
	m := partNumbers.FindStringSubmatch(n.Text)
	if n.Kind != yamlfile.Scalar || m == nil || !partText.MatchString(n.Text) {
		r.Fail(n.Pos, "write it like 50% for the first half, 50-100% for the second", "a part of the rows must be a percentage, not %s", n.Describe())
		return rowPart{0, 1}
	}
	part := rowPart{to: percent(m[1])}
	if m[2] != "" {
		part = rowPart{percent(m[1]), percent(m[2])}
	}
	if part.from >= part.to || part.to > 1 {
		r.Fail(n.Pos, "write it like 50% for the first half, 50-100% for the second", "%s is no part of the rows", n.Text)
		return rowPart{0, 1}
	}
	return part
}

var partNumbers = regexp.MustCompile(`^([0-9.]+)(?:-([0-9.]+))?%$`)

func percent(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 2 // more than all: the pattern lets no such text through
	}
	return n / 100
}

// rows are the first row of a part, from 0, and the one behind it, of so many: one at
// least.
func (p rowPart) rows(n int) (from, to int) {
	from = min(int(p.from*float64(n)+0.5), n-1)
	return from, max(int(p.to*float64(n)+0.5), from+1)
}

// least is how many rows the target has that has fewest.
func (f Feeder) least() int {
	least := len(f.Rows)
	for _, part := range f.where {
		if from, to := part.rows(len(f.Rows)); len(f.Rows) > 0 {
			least = min(least, to-from)
		}
	}
	return least
}

// dataFor are the feeders with the rows that a target uses, and a sentence for each
// that has but a part of them.
func (s *Scenario) dataFor(target string) (data map[string]Feeder, said []string) {
	data = s.Data
	for _, name := range slices.Sorted(maps.Keys(s.Data)) {
		f := s.Data[name]
		part, of := f.where[target], target
		if part == (rowPart{}) {
			part, of = f.where[everyTarget], everyTarget
		}
		if part == (rowPart{}) || len(f.Rows) == 0 {
			continue
		}
		if len(said) == 0 {
			data = maps.Clone(s.Data)
		}
		from, to := part.rows(len(f.Rows))
		whole := len(f.Rows)
		f.Rows, f.where = f.Rows[from:to], nil
		data[name] = f
		if of != everyTarget {
			said = append(said, fmt.Sprintf("data %s is rows %d to %d of %d", name, from+1, to, whole))
		}
	}
	return data, said
}
