package scenarios

import (
	"encoding/json"
	"strconv"

	"github.com/invopop/jsonschema"
)

// JSONSchema is the schema of a scenario file (draft 2020-12), for editors to
// complete and check files while they are written. It knows the form of a
// file; what needs the whole file (names, captures, loads that fit) only the
// loader knows.
func JSONSchema() ([]byte, error) {
	s := mapping(new(reader).scenarioFields(new(Scenario), new(document)))()
	s.Version = jsonschema.Version
	s.Title = "taskbench scenario"
	s.Description = "What virtual users send to a server, what they expect back, and under which load."
	for _, mode := range []Mode{Flow, Mix, Request} {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Required: []string{string(mode)}})
	}
	s.Definitions = jsonschema.Definitions{}
	for name, table := range tables() {
		s.Definitions[name] = mapping(table)()
	}
	for _, name := range []string{"setup", "step", "mix", "request"} { // a change of a step needs no path
		s.Definitions[name].AnyOf = []*jsonschema.Schema{{Required: []string{"request"}}, {Required: []string{"path"}}}
	}
	return json.MarshalIndent(s, "", "  ")
}

// tables are the mappings within a scenario, by their names in the schema.
func tables() map[string][]field {
	r := new(reader)
	b := &builder{resolver: &resolver{reader: r}}
	step := func(mode Mode) []field {
		return (&stepReader{builder: b, step: new(Step), place: stepPlace{mode: mode, nameNeeded: mode != Request}}).fields()
	}
	return map[string][]field{
		"load": r.loadFields(new(Load)), "think": r.thinkFields(new(Think)), "feeder": r.feederFields(new(Feeder)),
		"setup": step(""), "setupRules": r.setupFields(new(SetupRules)), "step": step(Flow), "mix": step(Mix), "request": step(Request),
		"expect": b.expectFields(new(Expect)), "matcher": matcherFields(jsonMatches), "textMatcher": matcherFields(textMatches),
		"expected": expectedFields(), "bounds": boundFields(false),
		"override": r.overrideFields(outline{}, new(outline), nil, nil), "changes": r.changeFields(),
	}
}

// How values are written that several keys have.
var (
	text        = scalar("string", "number", "boolean")
	constant    = scalar("string", "number", "boolean", "null")
	setupList   = listOf(defined("setup"), 0)
	requestLine = like("^" + orWords(Methods) + " +[/$]")
	duration    = either(like(`^([0-9]+(\.[0-9]+)?(us|µs|ms|s|m|h) *)+$|^0$`), func() *jsonschema.Schema { return &jsonschema.Schema{Const: 0} })
	think       = either(duration, defined("think"))
	bound       = scalar("string", "number")
	matcher     = either(constant, defined("matcher"))
	textMatcher = either(constant, defined("textMatcher"))
	bodyMatcher = either(except(constant, MatchExists, MatchAbsent), defined("textMatcher"))
)

// anything is whatever can stand in a request's body.
func anything() *jsonschema.Schema { return new(jsonschema.Schema) }

// integer is a whole number in a range.
func integer(low, high int) form {
	return func() *jsonschema.Schema {
		return &jsonschema.Schema{Type: "integer", Minimum: json.Number(strconv.Itoa(low)), Maximum: json.Number(strconv.Itoa(high))}
	}
}

// orList is one value, or a list of some.
func orList(one form) form { return either(one, listOf(one, 1)) }
