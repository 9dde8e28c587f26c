// Package results holds the stored result document and its store,
// results/<implementation>/<kind>_<date>.json: what was asked beside what
// happened, complete enough to be compared years later.
package results

import (
	"fmt"
	"time"
)

// Schema is the version of Document this build writes. Readers accept this
// and older ones; a newer one is reported by name and skipped.
const Schema = 1

// Kind is what a document measures; it is the first part of its file name.
type Kind string

const (
	LoadTest   Kind = "load_test"
	Microbench Kind = "microbench"
	Memory     Kind = "memory"
	CPU        Kind = "cpu"
	Soak       Kind = "soak"     // every trial is one window; Pair is its number
	Capacity   Kind = "capacity" // every trial is one rate of a search; Pair is its repeat
	Ledger     Kind = "ledger"   // every trial is one recording under callgrind; Pair is its number
)

// Kinds are all that a document can be.
var Kinds = []Kind{LoadTest, Microbench, Memory, CPU, Soak, Capacity, Ledger}

// Document is everything one `run` learned about one implementation.
// Documents of targets measured together share Session.
type Document struct {
	Schema         int       `json:"schema"`
	Kind           Kind      `json:"kind"`
	Session        string    `json:"session"` // unique per run; pairs are matched within it
	Implementation string    `json:"implementation"`
	Baseline       string    `json:"baseline"` // name of the implementation ratios are taken to
	Created        time.Time `json:"created"`
	Resumed        time.Time `json:"resumed,omitzero"` // when it was last gone on with; the newest run is the one that was last begun or gone on with
	Complete       bool      `json:"complete"`         // false while running and after an interruption
	// Reference is set when the target said of itself that it is taskbench's
	// reference server: its figures are not those of any real implementation.
	Reference   string        `json:"reference,omitempty"` // e.g. "reference server, rust dialect, --slow 8%"
	SentBy      string        `json:"sent_by,omitempty"`   // Sender().Known(), for whoever reads the first lines alone; Save sets it
	Target      Target        `json:"target"`
	Plan        Plan          `json:"plan"`
	Environment Environment   `json:"environment"`
	Scenarios   []Measurement `json:"scenarios"`
	Indicators  []Expectation `json:"indicators,omitempty"` // of a good server, over all scenarios
	Micro       *Micro        `json:"micro,omitempty"`      // in documents of kind microbench, whose scenarios are empty
	Warnings    []string      `json:"warnings,omitempty"`
	// Stops are where the run ended, or left a scenario, before its plan was
	// carried out. A resumed run takes them out and tries again.
	Stops []Stop `json:"stops,omitempty"`
}

// Stop is an end before the plan's.
type Stop struct {
	Code        string `json:"code"`                  // one of those below
	Scenario    string `json:"scenario,omitempty"`    // the one that was given up
	Connections int    `json:"connections,omitempty"` // its load
	Pairs       int    `json:"pairs"`                 // measured by then; the fewest of any undecided scenario where time was up
	MostPairs   int    `json:"most_pairs,omitempty"`  // of any undecided scenario
	Failures    int    `json:"failures,omitempty"`    // in a row
}

// Why a run stops.
const (
	TimeUp  = "time_limit" // --max-time
	GivenUp = "given_up"   // a target of the scenario only failed
)

// Text says so; planned is the plan's number of pairs.
func (s Stop) Text(planned int) string {
	if s.Code == GivenUp {
		return fmt.Sprintf("%s @ %d: given up after pair %d, %d failures in a row", s.Scenario, s.Connections, s.Pairs, s.Failures)
	}
	reached := fmt.Sprint(s.MostPairs)
	if s.Pairs < s.MostPairs {
		reached = fmt.Sprintf("%d to %d", s.Pairs, s.MostPairs)
	}
	return fmt.Sprintf("the time limit was reached: %s of %d pairs measured where no verdict stands", reached, planned)
}

// Target is the server as it was asked for.
type Target struct {
	URL              string `json:"url"`
	Start            string `json:"start,omitempty"`
	Dir              string `json:"dir,omitempty"`
	GitCommit        string `json:"git_commit,omitempty"`
	GitDirty         bool   `json:"git_dirty,omitempty"`
	ExecutableSHA256 string `json:"executable_sha256,omitempty"`
	ExecutableBytes  int64  `json:"executable_bytes,omitempty"`

	Process   *Process  `json:"process,omitempty"`   // whose CPU time and memory were measured first, with its children; fresh ones have other numbers
	Forwarder *Process  `json:"forwarder,omitempty"` // what listened, where it only passed requests on: nothing was measured of it
	Also      []Process `json:"also,omitempty"`      // what works for the server, measured apart
}

// Plan is how the run was laid out before it began.
type Plan struct {
	Targets []string `json:"targets"` // all that were measured together
	// Floor is the one of them that answers the same with nothing behind it, in ledgers.
	Floor string `json:"floor,omitempty"`
	Pairs int    `json:"pairs"` // at most, where a rule may stop earlier; of a soak, its windows
	// Cells is how many measurements there were to be of each target: scenarios,
	// each at each of its loads. What a run may say depends on it. 0: not known.
	Cells int    `json:"cells,omitempty"`
	Seed  int64  `json:"seed"` // of the order within pairs and of everything the scripts draw
	Rule  *Rule  `json:"rule,omitempty"`
	Reset string `json:"reset,omitempty"` // shell command that was run before every trial

	// Engine is what sent the load: "wrk2" or "k6"; "" is wrk. Figures of two engines,
	// or of two numbers of hosts, are never compared.
	Engine string `json:"engine,omitempty"`
	// Hosts is how many hosts, or processes on this machine, sent one load
	// together; 0: this machine alone, with one process.
	Hosts int `json:"hosts,omitempty"`

	InSlots bool    `json:"in_slots,omitempty"` // pairs are measured in slots where they can be; else in turn
	SlotS   float64 `json:"slot_s,omitempty"`   // how long slots are to be; 0: as long as answers ask for
	// Pairs in slots have slots of so many seconds for each target, as their scatter
	// asks for, and never more than the load's duration_s; 0: that duration.
	PairLeastS    float64  `json:"pair_least_s,omitempty"`
	PairMostS     float64  `json:"pair_most_s,omitempty"`
	StartFloor    *float64 `json:"start_floor_fraction,omitempty"` // what two starts of a server given by URL were known to differ by; nil: not known
	MaxTimeS      float64  `json:"max_time_s,omitempty"`           // how long the run was to take at most; 0: as long as it needs
	ServerCPUs    []int    `json:"server_cpus,omitempty"`          // cores the servers were pinned to; none: all
	GeneratorCPUs []int    `json:"generator_cpus,omitempty"`       // the same of wrk
}

// Rule is when the run was to stop, and with which error levels verdicts are
// reached; it is fixed before the first pair. compare/stats gives it meaning.
type Rule struct {
	Kind     string  `json:"kind"`      // "fixed", "sequential" or "quick" (indicative only)
	MinPairs int     `json:"min_pairs"` // no verdict from fewer
	Margin   float64 `json:"margin"`    // parity: ratio within [1/(1+margin), 1+margin]
	// Margins are those of single metrics, by their names in a comparison's JSON.
	Margins map[string]float64 `json:"margins,omitempty"`
	Looks   []Look             `json:"looks"`
}

// Look is one point at which verdicts are reached.
type Look struct {
	Pairs           int     `json:"pairs"`
	DifferenceAlpha float64 `json:"difference_alpha"` // two-sided
	ParityAlpha     float64 `json:"parity_alpha"`     // one-sided
}

// Measurement is one scenario at one load level.
type Measurement struct {
	Scenario    string        `json:"scenario"`
	File        string        `json:"file,omitempty"` // it was read from; "" for a built-in one
	Title       string        `json:"title"`
	Hash        string        `json:"scenario_hash"`
	Mode        string        `json:"mode"`
	Load        Load          `json:"load"`
	Steps       []string      `json:"steps"`
	Journeys    []string      `json:"journeys,omitempty"`    // of a mix of flows, whose steps are JOURNEY.STEP
	Overridden  []string      `json:"overridden,omitempty"`  // where this target's scenario differs, one sentence each
	Differences []Difference  `json:"differences,omitempty"` // where the targets' answers differ (check)
	Expected    []Expectation `json:"expected,omitempty"`
	// Grows is what each iteration left behind where nothing reset it between trials.
	Grows []string `json:"grows,omitempty"`
	// Refused says what this target answered wrongly in the one iteration before
	// the load, so that no target was loaded. "" when it did not.
	Refused string `json:"refused,omitempty"`
	// InTurn says why targets that were to be measured in slots had whole trials,
	// one after the other: one of the codes of slots.go.
	InTurn string `json:"in_turn,omitempty"`
	// Attempted is when they were to be measured in slots all the same, to find that out.
	Attempted *Attempt `json:"attempted,omitempty"`
	// Sustained is what this target's server did in slots and without pauses.
	Sustained *Sustained `json:"sustained,omitempty"`
	Split     *Split     `json:"split,omitempty"`
	Search    *Search    `json:"search,omitempty"` // in documents of kind capacity
	Trials    []Trial    `json:"trials"`
}

// Difference is where targets answered one step differently.
type Difference struct {
	Step string `json:"step"`
	What string `json:"what"` // one sentence
}

// Load is what was asked of the generator.
type Load struct {
	Connections int     `json:"connections"`
	Threads     int     `json:"threads"`
	DurationS   float64 `json:"duration_s"`
	// DurationAuto is set where the duration was chosen from what an iteration took.
	DurationAuto bool    `json:"duration_auto,omitempty"`
	WarmupS      float64 `json:"warmup_s"`
	TimeoutS     float64 `json:"timeout_s"`
	Think        string  `json:"think,omitempty"` // as written: "20ms exponential"
	// Rate and Arrival are of load that is sent on a schedule: "2000/s", "constant" or
	// "poisson". "": in closed loops, each virtual user goes on when its answer is there.
	Rate    string `json:"rate,omitempty"`
	Arrival string `json:"arrival,omitempty"`
	// UsersAuto is set where the number of connections followed from the rate.
	UsersAuto bool `json:"connections_auto,omitempty"`
}

// Expectation is one documented bound of the scenario file.
type Expectation struct {
	Step   string  `json:"step,omitempty"` // "": the whole scenario
	Metric string  `json:"metric"`
	Op     string  `json:"op"`
	Limit  float64 `json:"limit"` // µs, good answers per second, bytes or a fraction, by metric
	Text   string  `json:"text"`
}

// Trial is one wrk run against one target: half of a pair, or a window of a soak.
type Trial struct {
	Pair     int       `json:"pair"`     // from 1
	Position int       `json:"position"` // place of this target within its pair, from 1
	Started  time.Time `json:"started"`
	Seed     int64     `json:"seed"`            // of what the script drew
	Run      string    `json:"run"`             // value of ${run}
	Error    string    `json:"error,omitempty"` // why there are no figures, or none to trust; "" when fine
	Hint     string    `json:"hint,omitempty"`  // with Error: what to do about it
	Warnings []string  `json:"warnings,omitempty"`
	// Interrupted is set with Error: the user ended the run, and --resume
	// measures this pair again.
	Interrupted bool `json:"interrupted,omitempty"`

	// Ended is set with Error where the server did not stay what it was: what
	// was measured is of two servers, or of none.
	Ended *Ended `json:"ended,omitempty"`

	WindowS       float64      `json:"window_s"`
	Answers       uint64       `json:"answers"`
	Good          uint64       `json:"good"`
	ThroughputPS  float64      `json:"throughput_per_s"`     // good answers in the window over its length
	ErrorFraction float64      `json:"error_fraction"`       // Failures over all requests
	Lost          uint64       `json:"lost,omitempty"`       // requests whose connection broke before the answer
	Unanswered    uint64       `json:"unanswered,omitempty"` // requests that waited for longer than the timeout
	Surplus       uint64       `json:"surplus,omitempty"`    // answers beyond the requests
	Broken        uint64       `json:"broken,omitempty"`     // connections that broke while no request waited
	Latency       *Latency     `json:"latency,omitempty"`    // over all measured steps
	Steps         []StepResult `json:"steps,omitempty"`
	Iterations    *Iterations  `json:"iterations,omitempty"`
	Journeys      []Journey    `json:"journeys,omitempty"` // of a mix of flows
	GoodPerS      []uint64     `json:"good_each_second,omitempty"`
	FailedPerS    []uint64     `json:"failed_each_second,omitempty"`
	Rate          *Rate        `json:"rate,omitempty"`  // where iterations began on a schedule
	Slots         *Slots       `json:"slots,omitempty"` // where it took turns with the pair's other targets
	Resources     *Resources   `json:"resources,omitempty"`
	Setup         *Setup       `json:"setup,omitempty"` // where virtual users were set up
	Wrk           *WrkRun      `json:"wrk,omitempty"`
	Hosts         []HostShare  `json:"hosts,omitempty"`          // where several sent it
	CPU           *CPUProfile  `json:"cpu_profile,omitempty"`    // in documents of kind cpu
	Heap          *HeapProfile `json:"heap_profile,omitempty"`   // where the server ran under heaptrack
	Memory        *MemoryUse   `json:"memory_profile,omitempty"` // in documents of kind memory and soak
	Sought        *Sought      `json:"sought,omitempty"`         // in documents of kind capacity
	Counted       *Counted     `json:"counted,omitempty"`        // in documents of kind ledger; what it counted stands with the steps
}

// Setup is what was done for virtual users before any load. Its time is in no
// window, and its CPU time in no figure.
type Setup struct {
	Seconds float64 `json:"seconds"`
	Users   int     `json:"users"`
	Kept    bool    `json:"kept,omitempty"` // they are those of an earlier trial
}

// Ended says what became of a server while it was measured.
type Ended struct {
	Code string   `json:"code"` // one of those below
	Was  Process  `json:"was"`
	Now  *Process `json:"now,omitempty"` // nil: nobody answers any more
}

// What becomes of a server.
const (
	ServerEnded     = "ended"
	ServerRestarted = "restarted" // the same program, another process
	ServerReplaced  = "replaced"  // another program listens
)

// Process is one process of the machine that was measured on.
type Process struct {
	PID  int    `json:"pid"`
	Name string `json:"name"`
}

// Resources is what a trial took of the machine, in the measurement window.
// What could not be read is nil.
type Resources struct {
	ServerCPUS            *float64 `json:"server_cpu_s,omitempty"`                // of the server's process tree, user and system
	CPUPerAnswerUS        *float64 `json:"cpu_per_answer_us,omitempty"`           // server CPU time over good answers
	AllCPUPerAnswerUS     *float64 `json:"cpu_per_answer_with_also_us,omitempty"` // the same with what works for the server: its database, say
	CPUUnseen             bool     `json:"cpu_unseen,omitempty"`                  // processes ended unseen, or the wrong one was looked at: server_cpu_s is too low
	AnswersPerCPUS        *float64 `json:"answers_per_cpu_s,omitempty"`           // its inverse, per second of CPU time
	InstructionsPerAnswer *float64 `json:"instructions_per_answer,omitempty"`     // where perf can count them
	ServerCores           *float64 `json:"server_cores,omitempty"`                // cores kept busy by the server on average
	ServerResidentBytes   *uint64  `json:"server_resident_bytes,omitempty"`       // peak of the samples, whole process tree
	GeneratorCores        *float64 `json:"generator_cores,omitempty"`             // cores kept busy by wrk on average, its whole run
	GeneratorCoresAllowed int      `json:"generator_cores_allowed,omitempty"`
	ServerCoresAllowed    int      `json:"server_cores_allowed,omitempty"`
	SharedCores           bool     `json:"shared_cores,omitempty"`   // server and generator may run on the same cores
	StealFraction         *float64 `json:"steal_fraction,omitempty"` // of the machine's CPU time
	OthersCores           *float64 `json:"others_cores,omitempty"`   // cores kept busy by anything else, during the generator's whole run
}

// StepResult is one step of a trial.
type StepResult struct {
	Name         string            `json:"name"`
	Answers      uint64            `json:"answers"`
	Good         uint64            `json:"good"`
	ThroughputPS float64           `json:"throughput_per_s"`
	Late         uint64            `json:"late,omitempty"`
	LeftOut      uint64            `json:"left_out,omitempty"`   // good answers that are in Statuses alone: the first of a virtual user in a slot
	Redirected   uint64            `json:"redirected,omitempty"` // answers that are in Statuses alone: redirects that were followed
	Retried      uint64            `json:"retried,omitempty"`    // and those behind which the step was tried again
	Statuses     map[string]uint64 `json:"statuses,omitempty"`
	Unmet        map[string]uint64 `json:"unmet,omitempty"`
	Example      *Example          `json:"example,omitempty"`
	Latency      *Latency          `json:"latency,omitempty"`
	Service      *Latency          `json:"service,omitempty"` // with a rate: from the sending of a request
	Cost         *Cost             `json:"cost,omitempty"`    // in documents of kind ledger
	// CPUPerAnswerUS is the CPU time of the server over good answers, known of stages.
	CPUPerAnswerUS *float64 `json:"cpu_per_answer_us,omitempty"`
}

// Journey is one flow of a mix, end to end.
type Journey struct {
	Name string `json:"name"`
	Iterations
}

// Example is the first answer of a step that was not as expected.
type Example struct {
	Unmet  string `json:"unmet"`
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// Iterations is the end-to-end view of a flow.
type Iterations struct {
	// Varied: steps may be sent more than once in one of them, or not at all.
	Varied       bool     `json:"varied,omitempty"`
	Completed    uint64   `json:"completed"`
	Failed       uint64   `json:"failed"`
	ThroughputPS float64  `json:"throughput_per_s"`
	Latency      *Latency `json:"latency,omitempty"`
}

// Latency is a distribution: the percentiles people ask for, and the whole
// histogram for everything else.
type Latency struct {
	Count  uint64  `json:"count"`
	MeanUS float64 `json:"mean_us"`
	MinUS  float64 `json:"min_us"`
	P50US  float64 `json:"p50_us"`
	P75US  float64 `json:"p75_us"`
	P90US  float64 `json:"p90_us"`
	P95US  float64 `json:"p95_us"`
	P99US  float64 `json:"p99_us"`
	P999US float64 `json:"p99_9_us"`
	MaxUS  float64 `json:"max_us"`
	HDR    string  `json:"hdr_v2_base64"` // HdrHistogram V2 compressed, values in µs
}

// WrkRun is the generator's own account, kept apart: its percentiles are
// corrected by wrk and its throughput includes warm-up.
type WrkRun struct {
	Argv        []string `json:"argv"`
	Text        string   `json:"text"` // standard output as printed
	Stderr      string   `json:"stderr,omitempty"`
	Requests    uint64   `json:"requests"`
	DurationUS  uint64   `json:"duration_us"`
	RequestsPS  float64  `json:"requests_per_s"`
	ReadErrors  uint64   `json:"read_errors,omitempty"`
	WriteErrors uint64   `json:"write_errors,omitempty"`
}
