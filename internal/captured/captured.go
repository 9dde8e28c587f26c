// Package captured says how generated scripts, in whatever language, keep what they
// capture: written once the way its places need it, in a table for each kind of place.
// Virtual users that are set up elsewhere are handed over by the names of these tables,
// so that every language has the same.
package captured

import (
	"maps"
	"slices"

	"taskbench/internal/template"
	"taskbench/scenarios"
)

// Ways in which captures are used beside those that a scenario's references name.
const (
	Header   scenarios.Escape = "header"   // no value may end its line
	List     scenarios.Escape = "list"     // an array, of which elements are taken
	Elements scenarios.Escape = "elements" // an array that for_each goes through
)

// Uses is a set of the ways in which a capture is used.
type Uses []scenarios.Escape

// With is the set with one more.
func (u Uses) With(e scenarios.Escape) Uses {
	if slices.Contains(u, e) {
		return u
	}
	return append(u, e)
}

// Table names the table that holds captures written for a kind of place.
func Table(e scenarios.Escape) string {
	switch e {
	case scenarios.EscapeURL:
		return "got_url"
	case scenarios.EscapeJSONString:
		return "got_json"
	case scenarios.EscapeJSONValue:
		return "got_value"
	case scenarios.EscapeInt, scenarios.EscapeNumber, scenarios.EscapeBool, scenarios.EscapeJSON:
		return "got_" + Type(e)
	case scenarios.EscapeRaw:
		return "got_raw"
	case scenarios.EscapePath:
		return "got_path"
	case Header, List, Elements:
		return "got_" + string(e)
	}
	return "got"
}

// Tables names the captures of each table, by how they are used.
func Tables(uses map[string]Uses) map[string][]string {
	of := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		for _, e := range uses[name] {
			of[Table(e)] = append(of[Table(e)], name)
		}
	}
	return of
}

// Type names the type that a value is asked to have; "": none. Columns were looked at
// when the scenario was loaded; captures are when they are captured.
func Type(e scenarios.Escape) string {
	switch e {
	case scenarios.EscapeInt:
		return "int"
	case scenarios.EscapeNumber:
		return "number"
	case scenarios.EscapeBool:
		return "bool"
	case scenarios.EscapeJSON:
		return "any"
	}
	return ""
}

// AsText reports whether a captured value is put into a text: a header, a path, a form,
// a longer string of JSON.
func AsText(e scenarios.Escape) bool {
	return e != scenarios.EscapeJSONValue && e != List && e != Elements && Type(e) == ""
}

// ListUse is what a captured array must be for its uses.
type ListUse struct {
	Least int                // elements that it must have
	Fits  []scenarios.Escape // what each of them must be written as
}

// Note adds a use of an element, by which one it is and where it goes.
func (u *ListUse) Note(which string, e scenarios.Escape) {
	u.Least = max(u.Least, template.LeastFor(which))
	switch {
	case e == scenarios.EscapeJSONValue: // any will do
		return
	case e != scenarios.EscapePath && Type(e) == "":
		e = scenarios.EscapeNone
	}
	if !slices.Contains(u.Fits, e) {
		u.Fits = append(u.Fits, e)
	}
}
