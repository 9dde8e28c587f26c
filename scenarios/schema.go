package scenarios

import (
	"encoding/json"

	"github.com/invopop/jsonschema"

	"taskbench/internal/arrivals"
	"taskbench/internal/compose"
	"taskbench/internal/yamlfile"
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
		step := s.Definitions[name]
		for _, key := range []string{"request", "path"} {
			step.AnyOf = append(step.AnyOf, &jsonschema.Schema{Required: append([]string{key}, step.Required...)})
		}
		step.AnyOf = append(step.AnyOf, &jsonschema.Schema{Required: []string{compose.Use}})
		step.Required = nil // what is used has them
	}
	for _, key := range []string{"query", "query_file"} {
		s.Definitions["graphql"].AnyOf = append(s.Definitions["graphql"].AnyOf, &jsonschema.Schema{Required: []string{key}})
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
	control := &stepReader{builder: b, step: new(Step)}
	return map[string][]field{
		"load": r.loadFields(new(Load)), "think": r.thinkFields(new(Think)), "stage": r.stageFields(new(arrivals.Stage)), "feeder": r.feederFields(new(Feeder)), "captureFrom": b.captureFields(new(Capture)), "profile": r.profileFields(), "tls": r.tlsFields(new(TLS), nil), "graphql": b.graphQLFields(), "part": b.partFields(),
		"setup": step(""), "setupRules": r.setupFields(new(SetupRules)), "step": step(Flow), "journey": r.journeyFields(new(tour), new([]*yamlfile.Node)), "mix": step(Mix), "request": step(Request),
		"each": control.eachFields(new(Each)), "repeat": control.repeatFields(new(Repeat)), "retry": control.retryFields(new(Retry)),
		"expect": b.expectFields(new(Expect)), "matcher": matcherFields(jsonMatches), "textMatcher": matcherFields(textMatches),
		"expected": expectedFields(), "bounds": boundFields(true),
		"override": r.overrideFields(outline{}, new(outline), nil, nil), "changes": r.changeFields(),
	}
}

// How values are written that several keys have.
var (
	text        = scalar("string", "number", "boolean")
	constant    = scalar("string", "number", "boolean", "null")
	setupList   = listOf(defined("setup"), 0)
	requestLine = like("^" + orWords(Methods) + " +[/$]")
	duration    = yamlfile.Length
	think       = either(duration, defined("think"))
	bound       = scalar("string", "number")
	matcher     = either(constant, defined("matcher"))
	textMatcher = either(constant, defined("textMatcher"))
	bodyMatcher = either(yamlfile.Except(constant, MatchExists, MatchAbsent), defined("textMatcher"))
)

// anything is whatever can stand in a request's body.
func anything() *jsonschema.Schema { return new(jsonschema.Schema) }
