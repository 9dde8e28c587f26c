package scenarios

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"
)

// JSONSchema is the schema of a scenario file (draft 2020-12), for editors to
// complete and check files while they are written. It knows the shape of a
// file; what needs the whole file (names, captures, loads that fit) only the
// loader knows.
func JSONSchema() ([]byte, error) {
	r := jsonschema.Reflector{
		Anonymous:      true,
		ExpandedStruct: true,
		Namer:          schemaName,
	}
	s := r.Reflect(scenarioFile{})
	s.Title = "taskbench scenario"
	s.Description = "What virtual users send to a server, what they expect back, and under which load."
	for _, mode := range []Mode{Flow, Mix, Request} {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Required: []string{string(mode)}})
	}
	return json.MarshalIndent(s, "", "  ")
}

// schemaName is a type's name under $defs: loadFile is "load".
func schemaName(t reflect.Type) string {
	return strings.TrimSuffix(t.Name(), "File")
}

// The structs below mirror the file format for the schema. The loader reads
// nodes instead, for their positions; a test holds the two together.

type scenarioFile struct {
	Name        string                  `json:"name" jsonschema:"pattern=^[a-z0-9]+(-[a-z0-9]+)*$" jsonschema_description:"Name of the scenario: small letters, digits and dashes."`
	Title       text                    `json:"title,omitempty" jsonschema_description:"Heading in reports; the name when left out."`
	Description text                    `json:"description,omitempty" jsonschema_description:"What the scenario measures, in a sentence."`
	Tags        []text                  `json:"tags,omitempty" jsonschema_description:"Words to select scenarios by."`
	Load        *loadFile               `json:"load,omitempty" jsonschema_description:"How hard and how long the scenario is driven."`
	Vars        map[string]scalarValue  `json:"vars,omitempty" jsonschema_description:"Constants, used as ${name}. Text may hold references itself."`
	Data        map[string]feederFile   `json:"data,omitempty" jsonschema_description:"CSV files whose columns are used as ${name.column}."`
	Setup       []stepFile              `json:"setup,omitempty" jsonschema_description:"Steps each virtual user runs once before its loop; never measured."`
	Flow        []stepFile              `json:"flow,omitempty" jsonschema:"minItems=1" jsonschema_description:"Measured steps, all of them in order in each iteration."`
	Mix         []mixStepFile           `json:"mix,omitempty" jsonschema:"minItems=1" jsonschema_description:"Measured steps, one of them drawn by weight in each iteration."`
	Request     *requestFile            `json:"request,omitempty" jsonschema_description:"The one measured request: METHOD PATH, or a whole step."`
	Expected    *expectedFile           `json:"expected,omitempty" jsonschema_description:"Documented figures; checked and shown, never needed to run."`
	Overrides   map[string]overrideFile `json:"overrides,omitempty" jsonschema_description:"Where a target differs, by target name; shown in reports."`
}

type loadFile struct {
	Connections connections `json:"connections,omitempty" jsonschema_description:"Connections, one virtual user each; a list is a sweep, one measurement each."`
	Threads     threads     `json:"threads,omitempty" jsonschema_description:"Threads of the generator; auto by default."`
	Duration    duration    `json:"duration,omitempty" jsonschema_description:"Length of the measurement, after warm-up; at least 100ms."`
	Warmup      duration    `json:"warmup,omitempty" jsonschema_description:"Load before the measurement; its figures are thrown away."`
	Timeout     duration    `json:"timeout,omitempty" jsonschema_description:"Slower answers count as failed and stay in the percentiles; at most 120s."`
	Think       think       `json:"think,omitempty" jsonschema_description:"Pause between two requests of a virtual user."`
}

type feederFile struct {
	File text   `json:"file" jsonschema_description:"CSV file, relative to the scenario's folder; the first line names the columns."`
	Pick string `json:"pick,omitempty" jsonschema:"enum=sequential,enum=random,enum=unique" jsonschema_description:"How rows are handed out; unique gives each virtual user one row."`
}

// requestKeys are the keys of every step: what is sent and what comes back.
type requestKeys struct {
	Request  string                 `json:"request,omitempty" jsonschema:"pattern=^(GET|POST|PUT|PATCH|DELETE|OPTIONS) +[/$]" jsonschema_description:"METHOD PATH."`
	Method   string                 `json:"method,omitempty" jsonschema:"enum=GET,enum=POST,enum=PUT,enum=PATCH,enum=DELETE,enum=OPTIONS" jsonschema_description:"Request method; GET when left out."`
	Path     string                 `json:"path,omitempty" jsonschema:"pattern=^[/$]" jsonschema_description:"Path with its query; what is put in for references is percent-encoded."`
	Headers  map[string]text        `json:"headers,omitempty" jsonschema_description:"Request headers."`
	JSON     *any                   `json:"json,omitempty" jsonschema_description:"Body sent as JSON."`
	Form     map[string]any         `json:"form,omitempty" jsonschema_description:"Body sent as a form; a list repeats its field."`
	Body     text                   `json:"body,omitempty" jsonschema_description:"Body sent as written."`
	BodyFile text                   `json:"body_file,omitempty" jsonschema_description:"File sent byte for byte, relative to the scenario's folder."`
	Expect   *expectFile            `json:"expect,omitempty" jsonschema_description:"What a good answer is; any status below 400 when left out."`
	Capture  map[string]captureText `json:"capture,omitempty" jsonschema_description:"Values for later steps: a JSON path, header:NAME, cookie:NAME or regex:/…(…)/."`
}

type namedKeys struct {
	Name text `json:"name" jsonschema_description:"Name of the step in reports."`
	requestKeys
	Think think `json:"think,omitempty" jsonschema_description:"Pause after this step instead of load.think."`
}

type stepFile struct{ namedKeys }

type mixStepFile struct {
	namedKeys
	Weight float64 `json:"weight,omitempty" jsonschema:"exclusiveMinimum=0" jsonschema_description:"Share of this step; 1 when left out."`
}

// soleStepFile is a request as a whole step; its name may be left out.
type soleStepFile struct {
	Name text `json:"name,omitempty" jsonschema_description:"Name of the step in reports; the scenario's when left out."`
	requestKeys
	Think think `json:"think,omitempty" jsonschema_description:"Pause between two requests."`
}

type expectFile struct {
	Status  statuses           `json:"status,omitempty" jsonschema_description:"201, [200, 204], 2xx or 200-204."`
	JSON    map[string]matcher `json:"json,omitempty" jsonschema_description:"JSON path to a value, exists, absent, or {contains: …}."`
	Headers map[string]matcher `json:"headers,omitempty" jsonschema_description:"Header name to a value, exists, absent, or {contains: …}."`
	Body    bodyMatcher        `json:"body,omitempty" jsonschema_description:"The whole body: a text, {contains: …}, {matches: …}, or a list of these."`
}

type boundsFile struct {
	P50        bound `json:"p50,omitempty"`
	P75        bound `json:"p75,omitempty"`
	P90        bound `json:"p90,omitempty"`
	P95        bound `json:"p95,omitempty"`
	P99        bound `json:"p99,omitempty"`
	P999       bound `json:"p99.9,omitempty"`
	Mean       bound `json:"mean,omitempty"`
	Max        bound `json:"max,omitempty"`
	Throughput bound `json:"throughput,omitempty" jsonschema_description:"Good answers per second."`
	Errors     bound `json:"errors,omitempty" jsonschema_description:"Share of answers that are not good."`
}

type expectedFile struct {
	boundsFile
	FlowP50  bound                 `json:"flow_p50,omitempty"`
	FlowP75  bound                 `json:"flow_p75,omitempty"`
	FlowP90  bound                 `json:"flow_p90,omitempty"`
	FlowP95  bound                 `json:"flow_p95,omitempty"`
	FlowP99  bound                 `json:"flow_p99,omitempty"`
	FlowP999 bound                 `json:"flow_p99.9,omitempty"`
	FlowMean bound                 `json:"flow_mean,omitempty"`
	FlowMax  bound                 `json:"flow_max,omitempty"`
	Steps    map[string]boundsFile `json:"steps,omitempty" jsonschema_description:"Figures of single steps, by name."`
}

type overrideFile struct {
	Vars  map[string]scalarValue      `json:"vars,omitempty" jsonschema_description:"Other values of the scenario's vars."`
	Steps map[string]stepOverrideFile `json:"steps,omitempty" jsonschema_description:"Changes of steps, setup steps too, by name."`
}

type stepOverrideFile struct {
	requestKeys
	Skip bool `json:"skip,omitempty" jsonschema_description:"The target has no such step."`
}
