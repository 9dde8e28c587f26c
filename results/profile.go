package results

// CPUProfile is where a server's CPU time went in one trial, by perf, and how
// much it used second by second.
type CPUProfile struct {
	Tool        string `json:"tool"`         // "perf 6.1.187"
	Event       string `json:"event"`        // what was counted, "cpu-clock:ppp" or "cycles:ppp"
	FrequencyHz int    `json:"frequency_hz"` // samples a second and core that were asked for
	CallGraph   string `json:"call_graph"`   // "fp" or "dwarf"
	// Samples are those of the measurement window; what was sampled during setup
	// and warm-up, and after it closed, is left out.
	Samples        uint64  `json:"samples"`               // of all cores together
	OpenedAfterS   float64 `json:"window_opened_after_s"` // since load began, with setup and warm-up
	LengthS        float64 `json:"length_s"`              // of the window
	SamplesLeftOut uint64  `json:"samples_left_out"`      // before and after the window
	// Missing says why there are no samples; "" when there are. The figures of
	// the load, and those of each second, hold all the same.
	Missing   string        `json:"missing,omitempty"`
	Functions []HotFunction `json:"functions,omitempty"` // the hottest by own and by total share
	Use       *CPUUse       `json:"use,omitempty"`       // second by second, also without perf
	Files     []string      `json:"files,omitempty"`     // names of what is stored beside the document
	Notes     []string      `json:"notes,omitempty"`     // what a reader of the shares must know
	Cores     []CoreUse     `json:"cores,omitempty"`     // by perf's samples, in the order of their numbers
}

// HotFunction is one function's share of all samples.
type HotFunction struct {
	Name          string  `json:"name"`             // demangled, without parameters
	Object        string  `json:"object,omitempty"` // executable or library
	SelfFraction  float64 `json:"self_fraction"`    // of all samples: those in the function itself
	TotalFraction float64 `json:"total_fraction"`   // with all that it called
}

// CPUUse is what a server's process tree used under load, second by second.
type CPUUse struct {
	CoresAllowed          int       `json:"cores_allowed"`              // that it may run on; 0: unknown
	CoresEachSecond       []float64 `json:"cores_each_second"`          // CPU seconds a second
	CoresMean             float64   `json:"cores_mean"`                 // over the whole window
	CoresPeak             float64   `json:"cores_peak"`                 // the busiest second
	VoluntarySwitchesPS   float64   `json:"voluntary_switches_per_s"`   // context switches: a thread had to wait
	InvoluntarySwitchesPS float64   `json:"involuntary_switches_per_s"` // context switches: a thread's time was up
	// LimitFraction is the documented expectation: the busiest second keeps less
	// than this share of the allowed cores busy.
	LimitFraction float64 `json:"limit_fraction"`
}

// CoreUse is what the server used of one core, as a share of its time.
type CoreUse struct {
	Core         int     `json:"core"`          // its number, as the system counts
	MeanFraction float64 `json:"mean_fraction"` // over the whole window
	PeakFraction float64 `json:"peak_fraction"` // the busiest second
}

// HeapProfile is what a server allocated, while heaptrack ran it, in the
// measurement window.
type HeapProfile struct {
	Tool                 string           `json:"tool"`                   // "heaptrack 1.4.0"
	Missing              string           `json:"missing,omitempty"`      // why there are no figures; "" when there are
	Answers              uint64           `json:"answers"`                // in the window, of all steps
	Allocations          uint64           `json:"allocations"`            // in the window
	AllocationsLeftOut   uint64           `json:"allocations_left_out"`   // before the window, to start, for setup and warm-up, and after it
	AllocationsAtEdges   float64          `json:"allocations_at_edges"`   // of those left out: likely to be of the window, by the share of the time between two that heaptrack told
	OpenedAfterS         float64          `json:"window_opened_after_s"`  // since load began, with setup and warm-up
	LengthS              float64          `json:"length_s"`               // of the window
	CoveredS             float64          `json:"covered_s"`              // of that, the part between times that heaptrack told: the figures are of it
	AllocationsPerAnswer float64          `json:"allocations_per_answer"` // those at the edges of the window included
	Temporary            uint64           `json:"temporary_allocations"`  // freed again before the next one
	PeakBytes            uint64           `json:"peak_bytes"`             // the most that the heap held in the window, whenever it was allocated
	LeakedBytes          uint64           `json:"leaked_bytes"`           // allocated in the window, not freed when the server ended
	Sites                []AllocationSite `json:"sites,omitempty"`        // where most was allocated, most first
	Files                []string         `json:"files,omitempty"`        // names of what is stored beside the document
	Notes                []string         `json:"notes,omitempty"`        // what a reader of the figures must know
}

// AllocationSite is a function that allocates.
type AllocationSite struct {
	Name        string `json:"name"`                  // demangled, without parameters
	Allocations uint64 `json:"allocations"`           // that it made
	Temporary   uint64 `json:"temporary_allocations"` // of them: freed again before the next one of anybody
	PeakBytes   uint64 `json:"peak_bytes"`            // of it at the moment when the whole heap was largest
	LeakedBytes uint64 `json:"leaked_bytes"`          // of it not freed when the server ended
}
