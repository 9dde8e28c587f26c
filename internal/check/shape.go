package check

import (
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// shape is what a JSON document looks like with its values taken away: every
// path in it ("user.id", "[].name") with the type found there.
type shape map[string]string

// shapeOf reads a document; ok is false when it is not JSON.
func shapeOf(body []byte) (shape, bool) {
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, false
	}
	s := shape{}
	s.add("", v)
	return s, true
}

// add walks a value. All elements of an array share one path, so that lists of
// different lengths have the same shape.
func (s shape) add(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		s.note(path, "object")
		for key, member := range v {
			s.add(join(path, key), member)
		}
	case []any:
		s.note(path, "array")
		for _, element := range v {
			s.add(path+"[]", element)
		}
	case string:
		s.note(path, "string")
	case float64:
		s.note(path, "number")
	case bool:
		s.note(path, "boolean")
	default:
		s.note(path, "null")
	}
}

// note keeps the first type seen; a null says nothing about the type it stands for.
func (s shape) note(path, kind string) {
	if old, seen := s[path]; !seen || old == "null" {
		s[path] = kind
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// shapeDifferences says where two shapes part: what only one side sends, in one
// sentence a side, then each path whose type differs. Below a path that one
// side lacks nothing more is said; an empty array is like any other.
func shapeDifferences(nameA string, a shape, nameB string, b shape) []string {
	var onlyA, onlyB, types []string
	for _, path := range sortedPaths(a, b) {
		kindA, inA := a[path]
		kindB, inB := b[path]
		switch {
		case inA && inB:
			if kindA != kindB && kindA != "null" && kindB != "null" {
				types = append(types, fmt.Sprintf("%s is %s from %s, %s from %s", quotePath(path), article(kindA), nameA, article(kindB), nameB))
			}
		case inA && parentIn(path, b):
			onlyA = append(onlyA, path)
		case inB && parentIn(path, a):
			onlyB = append(onlyB, path)
		}
	}
	return slices.Concat(only(nameA, onlyA), only(nameB, onlyB), types)
}

func only(name string, paths []string) []string {
	if len(paths) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("only %s sends %s", name, strings.Join(paths, ", "))}
}

// parentIn tells whether the other side has the object around a path: only then
// its absence is news. Elements of an array may be missing because it is empty.
func parentIn(path string, other shape) bool {
	parent, element := parentOf(path)
	kind, ok := other[parent]
	return ok && kind == "object" && !element
}

func parentOf(path string) (parent string, element bool) {
	for i := len(path) - 1; i >= 0; i-- {
		switch path[i] {
		case '.':
			return path[:i], false
		case ']':
			return path[:i-1], true
		}
	}
	return "", false
}

func quotePath(path string) string {
	if path == "" {
		return "the body"
	}
	return path
}

func sortedPaths(a, b shape) []string {
	seen := map[string]bool{}
	var paths []string
	for _, s := range []shape{a, b} {
		for path := range s {
			if !seen[path] {
				seen[path] = true
				paths = append(paths, path)
			}
		}
	}
	sort.Strings(paths)
	return paths
}

func article(kind string) string {
	switch kind {
	case "array", "object":
		return "an " + kind
	case "null":
		return kind
	}
	return "a " + kind
}
