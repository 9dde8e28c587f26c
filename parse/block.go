package parse

// BlockSchema is the version of Block that scripts of this build write.
const BlockSchema = 1

// Marker is the line a script prints before its Block when TASKBENCH_OUT is
// not set, so that the block is found between wrk's own lines.
const Marker = "--- taskbench block ---"

// Block is the JSON document a generated script hands over from done(): what
// it counted itself, in its measurement window, by its own monotonic clock.
// All times are microseconds.
type Block struct {
	Schema       int    `json:"taskbench_block"`
	Scenario     string `json:"scenario"`
	ScenarioHash string `json:"scenario_hash"`
	Target       string `json:"target,omitempty"`
	Mode         string `json:"mode"` // flow, mix, request
	Run          string `json:"run"`  // the value of ${run}
	Seed         int64  `json:"seed"`

	Share *BlockShare `json:"share,omitempty"` // where several processes had a part of the virtual users each; nil: this one had all

	VirtualUsersAsked   int `json:"virtual_users_asked"`   // connections the script was generated for; of them, its share
	VirtualUsersStarted int `json:"virtual_users_started"` // that sent at least one request (request mode: connections)
	VirtualUsersReady   int `json:"virtual_users_ready"`   // that finished their setup

	// Window is when figures counted. LengthUS is 0 if it never opened. In
	// request mode it is wrk's own run.
	Window Window `json:"window"`

	Setup      []BlockStep      `json:"setup,omitempty"` // whole run, never part of the figures
	Steps      []BlockStep      `json:"steps"`
	Iterations *BlockIterations `json:"iterations,omitempty"` // flow only
	Journeys   []BlockJourney   `json:"journeys,omitempty"`   // mixes of flows only
	PerSecond  []BlockSecond    `json:"per_second,omitempty"` // from the window's opening; the last may be partial

	Lost       uint64 `json:"lost"`       // requests whose connection broke before the answer, in the window
	Unanswered uint64 `json:"unanswered"` // still waiting at the window's close for longer than the timeout
	Surplus    uint64 `json:"surplus"`    // answers beyond the requests: interim ones (100, 103), second ones
	// Broken counts connections that could not be made, or broke while no
	// request waited. Virtual users do not see when: theirs is the window's share
	// of the whole run, rounded up.
	Broken uint64 `json:"broken"`

	Slots *BlockSlots `json:"slots,omitempty"` // where generators took turns
	Rate  *BlockRate  `json:"rate,omitempty"`  // where iterations began on a schedule

	Wrk BlockWrk `json:"wrk"` // what wrk itself counted, over its whole run
}

// BlockSlots is what was counted slot by slot where several generators took
// turns of a fraction of a second: one value for each round.
type BlockSlots struct {
	SlotUS  float64   `json:"slot_us"`
	GapUS   float64   `json:"gap_us"`        // behind each slot, in which nobody sends
	Places  int       `json:"places"`        // how many took turns
	Sent    []uint64  `json:"sent"`          // requests
	Counted []uint64  `json:"counted"`       // answers to them without the LeftOut
	Bad     []uint64  `json:"bad,omitempty"` // of the counted, not as expected or late; nil where nobody looked
	SpanUS  []float64 `json:"span_us"`       // how long counted answers were waited for, in the mean of the virtual users
	// Overlap is how many answers came after the gap, when it was another's turn.
	Overlap uint64 `json:"overlap"`
	// LeftOut are good answers that were the first of their virtual user in a
	// slot: as all begin together, they are not like the others.
	LeftOut uint64 `json:"left_out"`
	// FirstUS is how long they took, where wrk's histogram has them: [µs, count], ascending;
	// so many took that long or a little less.
	FirstUS [][2]uint64 `json:"first_us,omitempty"`
}

// BlockRate is what became of a schedule. Where there is one, the latencies of
// steps and iterations count from the moment that an iteration was due, and
// figures are of what was due in the window, whenever it was answered.
type BlockRate struct {
	Due    uint64 `json:"due"`    // iterations that were due in the window
	Begun  uint64 `json:"begun"`  // that began in it, whenever they were due
	Unsent uint64 `json:"unsent"` // of the due, those that had not begun when its overtime ended
	// KeptUpUS is when an iteration last had a virtual user that waited for it, in µs
	// since the window opened: from then on all were busy, and a backlog grew.
	KeptUpUS float64 `json:"kept_up_us"`
	// OnTime are iterations that had one; how late they began is the generator's own
	// doing. Sum, sum of squares and the largest.
	OnTime     uint64  `json:"on_time"`
	LagSumUS   float64 `json:"lag_sum_us"`
	LagSquares float64 `json:"lag_squares_us2"`
	LagMostUS  float64 `json:"lag_max_us"`
	// Service are, of each step, the times from the sending of a request to the last
	// byte of its answer.
	Service []BlockLatency `json:"service"`
	Stages  []BlockStage   `json:"stages,omitempty"` // where the rate changes
}

// BlockStage is what became of a stage of a schedule, in the words of BlockRate;
// KeptUpUS counts from the stage's beginning. Good and Failed are answers.
type BlockStage struct {
	LengthUS float64       `json:"length_us"`
	FromPS   float64       `json:"from_per_s"`
	ToPS     float64       `json:"to_per_s"`
	Due      uint64        `json:"due"`
	Begun    uint64        `json:"begun"`
	Unsent   uint64        `json:"unsent"`
	KeptUpUS float64       `json:"kept_up_us"`
	Good     uint64        `json:"good"`
	Failed   uint64        `json:"failed"`
	Latency  *BlockLatency `json:"latency"`
	Service  *BlockLatency `json:"service"`
}

// BlockShare is which part of the virtual users a process had.
type BlockShare struct {
	Place  int     `json:"place"`      // from 1
	Places int     `json:"places"`     // how many there were
	GoUS   float64 `json:"go_unix_us"` // when they were to begin, by the host's clock; 0: as soon as each could
	Load   string  `json:"load"`       // what all shares together were to do, in words: for how many, how long and how often
}

// Window is the measurement window, in µs since the common start.
type Window struct {
	OpenUS   float64 `json:"open_us"`
	LengthUS float64 `json:"length_us"`
	// AskedUS is how long it was to be, where a virtual user of k6 that begins late
	// counts from then on. 0: as long as it is.
	AskedUS float64 `json:"asked_us,omitempty"`
	// OpenedUS is the system's monotonic clock (CLOCK_MONOTONIC) when the window
	// opened: what lines it up with samples of other processes. 0: unknown.
	OpenedUS float64 `json:"opened_monotonic_us,omitempty"`
	// OpenedUnixUS is the same moment by the host's clock of the day: what lines
	// windows of several processes up. 0: unknown.
	OpenedUnixUS float64 `json:"opened_unix_us,omitempty"`
}

// BlockStep is what happened to one step in the window.
type BlockStep struct {
	Name    string `json:"name"`
	Answers uint64 `json:"answers"` // all that came back, good or not
	Good    uint64 `json:"good"`    // as expected and within the timeout
	Late    uint64 `json:"late"`    // slower than the timeout
	// LeftOut are good answers that are not among Answers, but in Statuses: the
	// first ones of virtual users in their slots.
	LeftOut uint64 `json:"left_out,omitempty"`
	// Redirected and Retried are answers that are in Statuses alone, too: behind
	// them the same step was asked once more, and its time goes on.
	Redirected uint64            `json:"redirected,omitempty"`
	Retried    uint64            `json:"retried,omitempty"`
	Statuses   map[string]uint64 `json:"statuses,omitempty"`
	// Unmet counts by expectation: "status", "json:PATH", "header:NAME",
	// "body", "capture:NAME". An answer may fail several. "lost" are requests
	// that got no answer.
	Unmet   map[string]uint64 `json:"unmet,omitempty"`
	Example *BlockExample     `json:"example,omitempty"` // the first answer that was not as expected
	Latency *BlockLatency     `json:"latency,omitempty"` // hand-over to last byte, all answers; nil in request mode
}

// BlockExample is one unexpected answer, cut to a readable size.
type BlockExample struct {
	Unmet  string `json:"unmet"`
	Status int    `json:"status"`
	Body   string `json:"body"` // at most 500 bytes, made valid UTF-8
}

// BlockLatency is a histogram as the script keeps it: bucket i holds values
// from 2^(i div 64) * (1 + (i mod 64)/64) µs, the next bucket's bound excluded
// (the exponent and the top six bits of the mantissa of the double). Values
// below 1 µs are in bucket 0; relative error at most 0.8 % at the middle.
type BlockLatency struct {
	Count   uint64      `json:"count"`
	SumUS   float64     `json:"sum_us"`
	MinUS   float64     `json:"min_us"`
	MaxUS   float64     `json:"max_us"`
	Buckets [][2]uint64 `json:"buckets,omitempty"` // [index, count], ascending, counts > 0
}

// BlockIterations is one flow from the first request to the last answer.
type BlockIterations struct {
	Completed uint64        `json:"completed"` // all steps good
	Failed    uint64        `json:"failed"`
	Latency   *BlockLatency `json:"latency"` // completed ones
}

// BlockJourney is what happened to one journey of a mix: iterations that ran it.
type BlockJourney struct {
	Name string `json:"name"`
	BlockIterations
}

// BlockSecond is one second of the window.
type BlockSecond struct {
	Good   uint64 `json:"good"`
	Failed uint64 `json:"failed"`
}

// BlockWrk is wrk's own view: the run from its own clock's start to its end,
// warm-up included, percentiles corrected by wrk.
type BlockWrk struct {
	Threads     int    `json:"threads"`
	Connections int    `json:"connections"`
	DurationUS  uint64 `json:"duration_us"`
	Requests    uint64 `json:"requests"`
	Bytes       uint64 `json:"bytes"`
	Errors      struct {
		Connect uint64 `json:"connect"`
		Read    uint64 `json:"read"`
		Write   uint64 `json:"write"`
		Status  uint64 `json:"status"`
		Timeout uint64 `json:"timeout"`
	} `json:"errors"`
	// Latency holds wrk's corrected histogram as [value in µs, count],
	// ascending; only in request mode. Uncorrect takes the phantoms out.
	Latency [][2]uint64 `json:"latency,omitempty"`
	// Measured is set where they are out already: blocks were merged.
	Measured bool `json:"measured,omitempty"`
}

// DropBuckets leaves out the buckets of all histograms, which are for programs
// that want to draw them; counts, sums and extremes stay. Nothing can be
// computed from the block's histograms then. b may be nil.
func (b *Block) DropBuckets() {
	if b == nil {
		return
	}
	b.Wrk.Latency = nil
	steps := [][]BlockStep{b.Setup, b.Steps}
	for _, list := range steps {
		for _, s := range list {
			s.Latency.dropBuckets()
		}
	}
	if b.Iterations != nil {
		b.Iterations.Latency.dropBuckets()
	}
	for _, j := range b.Journeys {
		j.Latency.dropBuckets()
	}
	if b.Rate != nil {
		for i := range b.Rate.Service {
			b.Rate.Service[i].dropBuckets()
		}
		for _, s := range b.Rate.Stages {
			s.Latency.dropBuckets()
			s.Service.dropBuckets()
		}
	}
}

func (l *BlockLatency) dropBuckets() {
	if l != nil {
		l.Buckets = nil
	}
}
