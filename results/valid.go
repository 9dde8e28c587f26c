package results

import (
	"fmt"
	"math"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"taskbench/internal/source"
)

// Bounds of what a document may say. No machine measures more, and what lies
// beyond overflows sums and tables: it was made up, or is damaged.
const (
	mostCount   = 1e15 // counts, bytes, µs: exact in JSON, and as µs more than thirty years
	mostSeconds = 1e9  // more than thirty years, and what a time.Duration holds
	mostNumber  = 1e7  // of pairs, connections, cores: what a user asks for by number
)

// signed are the keys of numbers that may be below zero.
var signed = map[string]bool{
	"seed": true, "per_connection_bytes": true,
	"clock_ahead_s": true,
	"instructions":  true, "inclusive": true, "calls": true, "system_calls": true, "allocations": true,
}

// invalid names the first field of a document that cannot be true or must not
// be followed, and says why; "" when there is none. Names become files and
// parts of commands, so they are held to CheckName wherever they stand.
func invalid(doc *Document) (field, why string) {
	if field, why = impossible(reflect.ValueOf(doc), ""); why != "" {
		return strings.TrimPrefix(field, "."), why
	}
	for _, n := range documentNames(doc) {
		if why := nameProblem(n.text); why != "" {
			return n.field, fmt.Sprintf("it is %q: %s", n.text, why)
		}
	}
	if by := doc.Sender().Known(); doc.SentBy != "" && doc.SentBy != by {
		return "sent_by", fmt.Sprintf("plan and environment say %q", by)
	}
	if field, why := endedProblem(doc); why != "" {
		return field, why
	}
	if field, why := slotsProblem(doc); why != "" {
		return field, why
	}
	if field, why := costProblem(doc); why != "" {
		return field, why
	}
	return besideProblem(doc)
}

// endedProblem finds a trial whose server did not stay what it was and which
// would count all the same.
func endedProblem(doc *Document) (field, why string) {
	for i, m := range doc.Scenarios {
		for j, t := range m.Trials {
			if t.Ended != nil && t.Counts() {
				return fmt.Sprintf("scenarios[%d].trials[%d].error", i, j), "it is empty, although the server " + t.Ended.Code
			}
		}
	}
	return "", ""
}

// slotsProblem finds slots whose lists do not belong together.
func slotsProblem(doc *Document) (field, why string) {
	for i, m := range doc.Scenarios {
		for j, t := range m.Trials {
			if s := t.Slots; s != nil && !s.whole() {
				return fmt.Sprintf("scenarios[%d].trials[%d].slots", i, j), "its lists are not of one length"
			}
		}
	}
	return "", ""
}

type namedField struct{ field, text string }

// documentNames are all names of a document; optional ones where they are given.
func documentNames(doc *Document) []namedField {
	list := []namedField{{"implementation", doc.Implementation}, {"session", doc.Session}}
	if doc.Baseline != "" {
		list = append(list, namedField{"baseline", doc.Baseline})
	}
	for i, target := range doc.Plan.Targets {
		list = append(list, namedField{fmt.Sprintf("plan.targets[%d]", i), target})
	}
	for i, m := range doc.Scenarios {
		at := fmt.Sprintf("scenarios[%d]", i)
		list = append(list, namedField{at + ".scenario", m.Scenario})
		for j, journey := range m.Journeys {
			list = append(list, namedField{fmt.Sprintf("%s.journeys[%d]", at, j), journey})
		}
		for j, step := range m.Steps {
			list = append(list, namedField{fmt.Sprintf("%s.steps[%d]", at, j), step})
		}
		for j, t := range m.Trials {
			for k, journey := range t.Journeys {
				list = append(list, namedField{fmt.Sprintf("%s.trials[%d].journeys[%d].name", at, j, k), journey.Name})
			}
			for k, step := range t.Steps {
				list = append(list, namedField{fmt.Sprintf("%s.trials[%d].steps[%d].name", at, j, k), step.Name})
			}
		}
	}
	return list
}

// besideProblem holds the files that a document says lie beside it to its store:
// its own folder, or the one above.
func besideProblem(doc *Document) (field, why string) {
	for i, m := range doc.Scenarios {
		for j, t := range m.Trials {
			for k, name := range t.Files() {
				if !filepath.IsLocal(filepath.Join("implementation", name)) || filepath.IsAbs(name) || strings.ContainsRune(name, '\\') {
					return fmt.Sprintf("scenarios[%d].trials[%d] files[%d]", i, j, k), fmt.Sprintf("%q is not in the results folder", name)
				}
			}
		}
	}
	return "", ""
}

// impossible walks through a value and gives the path of the first number out
// of bounds, as in JSON: ".scenarios[0].trials[2].throughput_per_s". key is that
// of the field the value stands in.
func impossible(v reflect.Value, key string) (path, why string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return impossible(v.Elem(), key)
		}
	case reflect.Struct:
		for key, field := range fields(v) {
			if path, why := impossible(field, key); why != "" {
				return "." + key + path, why
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if path, why := impossible(v.Index(i), key); why != "" {
				return "[" + strconv.Itoa(i) + "]" + path, why
			}
		}
	case reflect.Map:
		for name, value := range v.Seq2() {
			if path, why := impossible(value, key); why != "" {
				return "[" + name.String() + "]" + path, why
			}
		}
	case reflect.Int:
		return "", outside(float64(v.Int()), key, mostNumber)
	case reflect.Int64:
		return "", outside(float64(v.Int()), key, mostCount)
	case reflect.Uint64:
		return "", outside(float64(v.Uint()), key, mostCount)
	case reflect.Float64:
		return "", outside(v.Float(), key, mostCount)
	}
	return "", ""
}

// outside says what is wrong with a number, by the unit in its key.
func outside(n float64, key string, most float64) string {
	if strings.HasSuffix(key, "_s") && !strings.HasSuffix(key, "_per_s") {
		most = mostSeconds
	}
	switch {
	case key == "seed":
		return ""
	case math.IsNaN(n) || math.Abs(n) > most:
		return fmt.Sprintf("%s is impossibly large", strconv.FormatFloat(n, 'g', 4, 64))
	case n < 0 && !signed[key]:
		return fmt.Sprintf("%s is below zero", strconv.FormatFloat(n, 'g', 4, 64))
	}
	return ""
}

// Files are the names of what is stored beside the trial's document, relative to
// its folder.
func (t *Trial) Files() []string {
	var list []string
	if t.CPU != nil {
		list = append(list, t.CPU.Files...)
	}
	if t.Heap != nil {
		list = append(list, t.Heap.Files...)
	}
	if t.Counted != nil {
		list = append(list, t.Counted.Files...)
	}
	return list
}

func notTrue(name, field, why string) error {
	return source.Errorf(source.Position{File: name}, "the file is damaged or was not written by taskbench: move it out of the results folder",
		"not a taskbench result: %s: %s", field, why)
}
