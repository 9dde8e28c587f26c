package results

// Environment is the machine the run happened on.
type Environment struct {
	TaskbenchVersion string  `json:"taskbench_version"`
	WrkVersion       string  `json:"wrk_version"`
	OS               string  `json:"os"`
	Kernel           string  `json:"kernel"`
	CPUModel         string  `json:"cpu_model"`
	Cores            int     `json:"cores"`
	MemoryBytes      uint64  `json:"memory_bytes"`
	Governor         string  `json:"governor,omitempty"`
	Turbo            string  `json:"turbo,omitempty"` // "on" or "off"
	LoadBefore       float64 `json:"load_average_before"`
	// Hosts are those that sent the load together, in the order of their shares;
	// none: this machine alone did.
	Hosts []Host `json:"hosts,omitempty"`
	// HostNotes say where they differ from each other, or were in no state to measure,
	// one sentence each.
	HostNotes []string `json:"host_notes,omitempty"`
	// Notes say what could not be measured here, one sentence each.
	Notes []string `json:"notes,omitempty"`
}

// Host is one of several hosts, or processes on this machine, that sent a load
// together, as it was before the first pair.
type Host struct {
	Name       string  `json:"name"`                  // bench@a; "local 1" is a process on this machine
	WrkVersion string  `json:"wrk_version,omitempty"` // or another generator's
	OS         string  `json:"os,omitempty"`
	Kernel     string  `json:"kernel,omitempty"`
	Cores      int     `json:"cores,omitempty"`
	CPUs       []int   `json:"cpus,omitempty"` // cores its generator is kept to; none: all
	LoadBefore float64 `json:"load_average_before"`
	// ClockAheadS is how far its clock was ahead of this machine's, ClockErrorS how
	// wrong that may be at most, and RoundTripS what one way there and back took.
	ClockAheadS float64 `json:"clock_ahead_s"`
	ClockErrorS float64 `json:"clock_error_s,omitempty"`
	RoundTripS  float64 `json:"round_trip_s,omitempty"`
}

// HostShare is what one host had of a trial.
type HostShare struct {
	Host        string  `json:"host"` // a Host's name
	Connections int     `json:"connections"`
	Answers     uint64  `json:"answers"`
	BehindS     float64 `json:"opened_behind_s"`           // by how much its window opened after the first one's
	CPUS        float64 `json:"generator_cpu_s,omitempty"` // CPU time of its generator
}
