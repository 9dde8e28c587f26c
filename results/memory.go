package results

import "slices"

// MemoryUse is what a server's process tree held in one trial: before
// load, under it and after. Times are seconds since sampling began.
type MemoryUse struct {
	Hz         float64 `json:"hz"`          // samples a second that were asked for
	LimitBytes float64 `json:"limit_bytes"` // the documented expectation: the peak is below it
	LoadFromS  float64 `json:"load_from_s"` // when the generator was started
	// WindowFromS is when the warm-up was over: from here on, to the end of load,
	// means are taken and leaks are looked for.
	WindowFromS float64 `json:"window_from_s"`
	LoadToS     float64 `json:"load_to_s"` // when the generator had ended
	// Missing says why there are no figures; "" when there are. Those of the load
	// hold all the same.
	Missing string   `json:"missing,omitempty"`
	Notes   []string `json:"notes,omitempty"` // what happened to the processes, one sentence each

	BaselineBytes      *float64 `json:"baseline_bytes,omitempty"`          // median resident memory before load
	MeanBytes          *float64 `json:"mean_bytes,omitempty"`              // mean resident memory in the window
	PeakBytes          *float64 `json:"peak_bytes,omitempty"`              // largest sample under load, warm-up included
	PeakEverBytes      *float64 `json:"peak_ever_bytes,omitempty"`         // VmHWM: since the processes began
	SettledBytes       *float64 `json:"settled_bytes,omitempty"`           // median of the second half of the time after load
	PerConnectionBytes *float64 `json:"per_connection_bytes,omitempty"`    // mean less baseline, over the connections
	ProportionalBytes  *float64 `json:"mean_proportional_bytes,omitempty"` // mean PSS in the window
	SwapBytes          *float64 `json:"peak_swap_bytes,omitempty"`         // largest under load
	Threads            *float64 `json:"peak_threads,omitempty"`            // most under load
	OpenFiles          *float64 `json:"peak_open_files,omitempty"`         // most under load

	Series  MemorySeries  `json:"series"`  // every sample
	Details MemoryDetails `json:"details"` // samples of what costs more to read
}

// MemorySeries are the samples, column by column.
type MemorySeries struct {
	AtS           []float64 `json:"at_s"`           // when each was taken
	ResidentBytes []uint64  `json:"resident_bytes"` // of all processes; pages they share count for each
	Threads       []int     `json:"threads"`        // of all processes
	CPUSeconds    []float64 `json:"cpu_s"`          // that the processes have used so far
}

// MemoryDetails are samples of what costs more to read, about once a second;
// null where it could not be read.
type MemoryDetails struct {
	AtS               []float64 `json:"at_s"`               // when each was taken
	ProportionalBytes []*uint64 `json:"proportional_bytes"` // PSS: pages that processes share count once in all
	PeakEverBytes     []*uint64 `json:"peak_ever_bytes"`    // VmHWM, the sum over the processes
	SwapBytes         []*uint64 `json:"swap_bytes"`         // VmSwap
	OpenFiles         []*int    `json:"open_files"`         // file descriptors, sockets included
}

// Summarise computes the figures from the samples and the times of load.
// connections is how many the generator held open.
func (m *MemoryUse) Summarise(connections int) {
	s := m.Series
	resident := func(from, to float64) []float64 { return between(s.AtS, s.ResidentBytes, from, to) }
	m.BaselineBytes = middle(resident(0, m.LoadFromS))
	m.MeanBytes = mean(resident(m.WindowFromS, m.LoadToS))
	m.PeakBytes = largest(resident(m.LoadFromS, m.LoadToS))
	if n := len(s.AtS); n > 0 {
		m.SettledBytes = middle(resident((m.LoadToS+s.AtS[n-1])/2, s.AtS[n-1]+1))
		if s.AtS[n-1] <= m.LoadToS {
			m.SettledBytes = nil
		}
	}
	if m.BaselineBytes != nil && m.MeanBytes != nil && connections > 0 {
		each := (*m.MeanBytes - *m.BaselineBytes) / float64(connections)
		m.PerConnectionBytes = &each
	}
	m.Threads = largest(between(s.AtS, s.Threads, m.LoadFromS, m.LoadToS))
	d := m.Details
	m.ProportionalBytes = mean(between(known(d.AtS, d.ProportionalBytes, m.WindowFromS, m.LoadToS)))
	m.PeakEverBytes = largest(between(known(d.AtS, d.PeakEverBytes, 0, m.LoadToS+1)))
	m.SwapBytes = largest(between(known(d.AtS, d.SwapBytes, m.LoadFromS, m.LoadToS)))
	m.OpenFiles = largest(between(known(d.AtS, d.OpenFiles, m.LoadFromS, m.LoadToS)))
}

// known drops what could not be read.
func known[T int | uint64](at []float64, values []*T, from, to float64) ([]float64, []T, float64, float64) {
	var when []float64
	var out []T
	for i, v := range values {
		if v != nil && i < len(at) {
			when, out = append(when, at[i]), append(out, *v)
		}
	}
	return when, out, from, to
}

// between are the values sampled in [from, to).
func between[T int | uint64](at []float64, values []T, from, to float64) []float64 {
	var out []float64
	for i, v := range values {
		if i < len(at) && at[i] >= from && at[i] < to {
			out = append(out, float64(v))
		}
	}
	return out
}

func middle(values []float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	m := (values[(len(values)-1)/2] + values[len(values)/2]) / 2
	return &m
}

func mean(values []float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	sum /= float64(len(values))
	return &sum
}

func largest(values []float64) *float64 {
	if len(values) == 0 {
		return nil
	}
	m := slices.Max(values)
	return &m
}
