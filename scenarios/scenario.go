// Package scenarios loads benchmark scenarios: what virtual users send, what
// they expect back, under which load. It turns YAML into a checked Scenario,
// or into every problem of the file at once, each with its position and a hint.
//
// It never talks to a server and knows no Lua.
package scenarios

import (
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/jsonpath"
	"taskbench/internal/source"
	"taskbench/internal/table"
	"taskbench/internal/template"
)

// Mode says how the measured steps of a scenario follow each other.
type Mode string

const (
	Flow    Mode = "flow"    // ordered steps: one iteration runs them all, in order
	Mix     Mode = "mix"     // weighted steps: each iteration runs one, drawn by weight
	Request Mode = "request" // one step, again and again
)

// Scenario is one checked scenario file. A loaded Scenario is not changed, but
// for which overrides are a target's (Answered, Accept): For gives a copy with them.
type Scenario struct {
	Name        string
	Title       string
	Description string
	Tags        []string
	Mode        Mode
	Load        Load
	Vars        map[string]Value  // defaults and constants of the file
	Data        map[string]Feeder // by feeder name
	Cookies     bool              // what servers set is sent back, by each virtual user
	Setup       []Step            // once per virtual user, before its loop; never measured
	SetupRules  SetupRules        // how those are run
	OnceSteps   int               // of Setup those that SetupRules.Once has done by the first virtual user alone; the others are before
	After       []Step            // once per virtual user, when its last iteration is over; never measured
	Teardown    []Step            // once, behind all of those
	Steps       []Step            // flow, mix or the single request: the measured steps
	Journeys    []Journey         // of a mix whose parts are flows; else none
	Grows       []string          // what each iteration leaves behind, as people call it
	Expected    Expected
	Objective   []Bound             // what is to hold at the rate that is looked for; nil: DefaultObjective
	Overrides   map[string]Override // by target name, or by that of overrides with when:
	TLS         TLS                 // what is asked of servers' certificates
	Profile     string              // that it was loaded with; "" without
	Targets     []string            // that are to be measured, by name; empty: all

	Reasons []Reason        // why it is what lint finds unwise; in file order
	LoadPos source.Position // of load; zero where there is none

	File string // as given to the loader; "builtin:NAME.yaml" when embedded
	Text []byte // the file as read
	Hash string // hex SHA-256 over everything that changes what is sent or expected, data files included

	variants   map[string]variant // by target name, see For
	adaptions  []adaption         // by what a target answers, in file order
	chosen     *choices           // see Answered
	overridden []string           // see Overridden
	byAnswer   bool               // this variant is one of the adaptions
}

// Reason is why a scenario means what a rule of lint finds.
type Reason struct {
	Rule, Why string
	Pos       source.Position
}

// Load is how hard and how long a scenario is driven. Flags of `run` override it.
type Load struct {
	Connections  []int         // one measurement each; a single level is a list of one
	Threads      int           // 0: auto
	Duration     time.Duration // of the measurement window
	AutoDuration bool          // it is to be chosen from what an iteration takes; Duration is then the least
	Warmup       time.Duration // before the window opens, same connections; thrown away
	Timeout      time.Duration // a longer answer counts as failed (and stays in the percentiles)
	Think        Think         // pause between steps
	Rate         arrivals.Plan // when iterations begin, whatever comes back; zero: each virtual user goes on when its answer is there
	AutoUsers    bool          // nobody says how many virtual users there are: with a rate, as many as it needs
}

// SetupRules say how the setup of virtual users is run. The zero value lets the
// program choose.
type SetupRules struct {
	AtOnce  int   // virtual users in their setup at once; 0: what the first ones show to be good
	Retries int   // how often a step is asked again that a server has no good answer to yet: none, 429, 5xx
	Once    bool  // the first virtual user's setup is for all
	Keep    *bool // whether later trials use what it made; nil: where the server stays as it is
}

// Think is the pause a virtual user makes between two requests.
type Think struct {
	Mean         time.Duration // 0: none
	Distribution Distribution  // Fixed when empty
}

// Distribution names how a random duration is drawn.
type Distribution string

const (
	Fixed       Distribution = "fixed"
	Exponential Distribution = "exponential"
	Uniform     Distribution = "uniform" // between 0 and twice the mean
)

// Step is one request with what is expected of its answer.
type Step struct {
	Name     string
	Weight   float64 // mix only; > 0
	Method   string  // upper case
	Path     Template
	Headers  []Header // in file order; names as written
	Body     Body
	Expect   Expect
	Captures []Capture // in file order
	Think    *Think    // overrides Load.Think after this step when set
	Control  Control   // whether it is sent, and how often
	Pos      source.Position
}

// Header is one request header.
type Header struct {
	Name  string
	Value Template
}

// BodyKind says how a body was written.
type BodyKind string

const (
	NoBody   BodyKind = ""
	JSONBody BodyKind = "json"
	FormBody BodyKind = "form"
	RawBody  BodyKind = "raw" // body and body_file

	GraphQLBody   BodyKind = "graphql"
	MultipartBody BodyKind = "multipart"
)

// Body is a request's payload. JSON and form bodies are already rendered
// into one template whose parts know how a value must be escaped.
type Body struct {
	Kind        BodyKind
	ContentType string   // "" when the user's own header or nothing says
	Content     Template // the whole payload
}

// What stands for values in requests and expectations, see package template.
type (
	Template = template.Template
	Part     = template.Part
	Ref      = template.Ref
	RefKind  = template.RefKind
	Escape   = template.Escape
)

const (
	EscapeNone       = template.EscapeNone
	EscapeURL        = template.EscapeURL
	EscapeJSONString = template.EscapeJSONString
	EscapeJSONValue  = template.EscapeJSONValue
	EscapeInt        = template.EscapeInt
	EscapeNumber     = template.EscapeNumber
	EscapeBool       = template.EscapeBool
	EscapeJSON       = template.EscapeJSON
	EscapeRaw        = template.EscapeRaw
	EscapePath       = template.EscapePath

	RefCapture = template.RefCapture
	RefColumn  = template.RefColumn
	RefEach    = template.RefEach
	RefBuiltin = template.RefBuiltin
	RefCall    = template.RefCall
)

// CaptureKind says from where a capture reads.
type CaptureKind string

const (
	CaptureJSON   CaptureKind = "json"   // Path: keys and indexes, see JSONPath
	CaptureHeader CaptureKind = "header" // Source: header name, any letter case
	CaptureRegex  CaptureKind = "regex"  // Source: RE2 expression with one group, over the body
	CaptureCookie CaptureKind = "cookie" // Source: cookie name, from Set-Cookie
)

// Capture takes a value out of an answer for later steps.
type Capture struct {
	Name   string
	Kind   CaptureKind
	Source string   // as written, without its prefix
	Path   JSONPath // CaptureJSON only
	Match  string   // RE2 expression with one group, which is the value, over what else is captured; "": all of it
	All    bool     // every match of the expression, as an array
	Item   string   // the element of the array that is the value: random, or an index, from the end if negative; "": all of it
	Pos    source.Position
}

// JSONPath leads to a value in an answer.
type JSONPath = jsonpath.Path

// Expect is what an answer must be to count as good. The zero Expect means:
// a status below 400.
type Expect struct {
	Statuses []StatusRange // empty: below 400
	StatusOf *Ref          // the column that holds the status instead; nil: none
	JSON     []JSONMatch   // in file order
	Headers  []HeaderMatch
	Body     []Match // each over the whole body
}

// StatusRange is an inclusive range of statuses: {201,201}, {200,299}.
type StatusRange struct{ Low, High int }

// JSONMatch expects something of the value at a path.
type JSONMatch struct {
	Label string // the path as written: how reports name it
	Path  JSONPath
	Match Match
}

// HeaderMatch expects something of a header.
type HeaderMatch struct {
	Name  string
	Match Match
}

// MatchKind says how a value is compared.
type MatchKind string

const (
	MatchExists   MatchKind = "exists"
	MatchAbsent   MatchKind = "absent"
	MatchEquals   MatchKind = "equals"   // Value, same type and content
	MatchContains MatchKind = "contains" // Text, plain
	MatchRegex    MatchKind = "matches"  // Text, RE2
	MatchType     MatchKind = "type"     // Text: string number boolean array object null
)

// Match is one comparison.
type Match struct {
	Kind  MatchKind
	Value Value  // MatchEquals
	Text  string // MatchContains, MatchRegex, MatchType
	// Of is what MatchEquals and MatchContains compare with where each row of data has
	// its own; nil where Value and Text say.
	Of  Template
	Pos source.Position
}

// Value is a YAML scalar: string, float64, int64, bool or nil.
type Value any

// Pick says how a feeder hands out rows.
type Pick string

const (
	Sequential Pick = "sequential" // the next row at each iteration, per virtual user starting at its own number, wrapping
	Random     Pick = "random"
	Unique     Pick = "unique" // one row a virtual user, for the whole run; fewer rows than users is an error
)

// Feeder is a table of data, read at load time.
type Feeder struct {
	File    string
	Pick    Pick
	Columns []string
	Rows    [][]string
	Pos     source.Position

	encoding string
	types    map[string]string     // of columns, as asked for
	inJSON   map[string]string     // the column that has another's values as JSON, see table.Table
	nulls    map[string]int        // the first row without a value, of such columns
	where    map[string]table.Part // by target
}

// Expected is the documented expectation of the figures. It is checked on what
// was measured and never changes what is measured.
type Expected struct {
	Bounds []Bound            // in file order
	Steps  map[string][]Bound // by step name
}

// Bound is one expectation: Metric Op Limit, "p95 < 10ms".
type Bound struct {
	Metric string  // p50 p75 p90 p95 p99 p99.9 mean max, the same with flow_ in front (end to end), throughput, errors, capacity
	Op     string  // < <= > >=
	Limit  float64 // latencies in µs, throughput and capacity per second, errors as a fraction
	Text   string  // as written, for tables: "< 10ms"
	Pos    source.Position
}

// Override is where a target differs from the scenario, in the open.
type Override struct {
	Vars  map[string]Value
	Steps map[string]StepOverride // by step name, setup steps too
}

// StepOverride replaces parts of a step. What is nil stays.
type StepOverride struct {
	Method   *string
	Path     *Template
	Headers  []Header // replaces headers of the same name, adds others
	Body     *Body
	Expect   *Expect // replaces the whole expectation
	Captures []Capture
	Skip     bool // the target has no such step
}
