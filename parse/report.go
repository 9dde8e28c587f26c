package parse

// Printout is what one run of wrk or wrk2 printed, in base units. A figure that
// the text does not have is nil, and absent from the JSON: it is never 0 for
// "unknown". Figures are those of the tool: wrk's latencies hold the samples
// that its correction invents (see Uncorrect), wrk2's do not.
type Printout struct {
	Tool string `json:"tool,omitempty"` // wrk or wrk2; "" for a block alone
	Line int    `json:"line"`           // where the run begins in the text, from 1; 0: it was joined
	URL  string `json:"url,omitempty"`
	// Joined are the files of the processes that sent one load together, of which
	// this is the sum.
	Joined []string `json:"joined,omitempty"`

	Threads        *uint64  `json:"threads,omitempty"`
	Connections    *uint64  `json:"connections,omitempty"` // as asked; wrk opens a multiple of the threads
	DurationAskedS *float64 `json:"duration_asked_s,omitempty"`
	DurationUS     *float64 `json:"duration_us,omitempty"`

	Requests        *uint64  `json:"requests,omitempty"` // answers, whatever their status
	RequestsPS      *float64 `json:"requests_per_s,omitempty"`
	ReadBytes       *float64 `json:"read_bytes,omitempty"`
	TransferBytesPS *float64 `json:"transfer_bytes_per_s,omitempty"`

	LatencyMeanUS      *float64 `json:"latency_mean_us,omitempty"`
	LatencyStdevUS     *float64 `json:"latency_stdev_us,omitempty"`
	LatencyMaxUS       *float64 `json:"latency_max_us,omitempty"`
	LatencyWithinStdev *float64 `json:"latency_within_stdev_fraction,omitempty"`

	ThreadRequestsMeanPS      *float64 `json:"thread_requests_mean_per_s,omitempty"`
	ThreadRequestsStdevPS     *float64 `json:"thread_requests_stdev_per_s,omitempty"`
	ThreadRequestsMaxPS       *float64 `json:"thread_requests_max_per_s,omitempty"`
	ThreadRequestsWithinStdev *float64 `json:"thread_requests_within_stdev_fraction,omitempty"`

	Latency            *Distribution `json:"latency_distribution,omitempty"`
	LatencyUncorrected *Distribution `json:"latency_distribution_uncorrected,omitempty"` // from sending: wrk2 -U, not from the schedule; of joined runs, without what wrk adds
	Calibrations       []Calibration `json:"calibrations,omitempty"`                     // wrk2, one a thread

	SocketErrors      *SocketErrors `json:"socket_errors,omitempty"` // the line is printed only if one is above 0
	StatusAbove399    *uint64       `json:"status_above_399,omitempty"`
	LittleRatio       *float64      `json:"little_ratio,omitempty"` // wrk only; see the function
	RoundingHalfWidth Rounding      `json:"rounding_half_width,omitempty"`

	Block     *Block   `json:"block,omitempty"` // what our own script counted, if the text has it
	Truncated bool     `json:"truncated,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
}

// Rounding says by how much a figure may differ from what the tool knew,
// because it prints two decimals: 1.05ms is 1050 ± 5 µs. By JSON key, in the
// figure's unit.
type Rounding map[string]float64

// Distribution is one table of percentiles.
type Distribution struct {
	Percentiles []Percentile    `json:"percentiles,omitempty"` // ascending
	Spectrum    []SpectrumPoint `json:"spectrum,omitempty"`    // wrk2 -L, ascending
	MeanUS      *float64        `json:"mean_us,omitempty"`
	StdevUS     *float64        `json:"stdev_us,omitempty"`
	MaxUS       *float64        `json:"max_us,omitempty"`
	Count       *uint64         `json:"count,omitempty"`
}

// Percentile is a latency that Percent per cent of the answers do not exceed.
type Percentile struct {
	Percent           float64 `json:"percent"`
	LatencyUS         float64 `json:"latency_us"`
	RoundingHalfWidth float64 `json:"rounding_half_width_us"`
}

// SpectrumPoint is a line of HdrHistogram's percentile spectrum: Count answers
// took LatencyUS or less.
type SpectrumPoint struct {
	Fraction  float64 `json:"fraction"` // 0 to 1
	LatencyUS float64 `json:"latency_us"`
	Count     uint64  `json:"count"`
}

// Calibration is what a wrk2 thread measured before it began to record.
type Calibration struct {
	MeanLatencyUS      float64 `json:"mean_latency_us"`
	SamplingIntervalUS float64 `json:"sampling_interval_us"`
}

// SocketErrors are wrk's counts of failed calls and of answers slower than -T.
type SocketErrors struct {
	Connect uint64 `json:"connect"`
	Read    uint64 `json:"read"`
	Write   uint64 `json:"write"`
	Timeout uint64 `json:"timeout"`
}
