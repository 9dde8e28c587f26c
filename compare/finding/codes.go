package finding

// The names behind every code are those of its values, and what is said.
// docs/findings.md is made of this file.

// Red flags: what the trials say against the figures.
const (
	LongTail      Code = "long_tail"      // p99_us, p95_us
	Falling       Code = "falling"        // fall_fraction, seconds, trials, p
	Failing       Code = "failing"        // trials_failed, trials, worst_fraction
	GeneratorBusy Code = "generator_busy" // cores, cores_allowed
	ServerBusy    Code = "server_busy"    // cores, cores_allowed
	Steal         Code = "steal"          // fraction
	BusyMachine   Code = "busy_machine"   // cores
	LoadBefore    Code = "load_before"    // load_average, cores
	SharedCores   Code = "shared_cores"   // cores; said: the targets that taskbench did not start
	Overlapping   Code = "overlapping"    // fraction
	ShortWindow   Code = "short_window"   // iterations, window_s, fewest, most (answers of a step)
	AnswersDiffer Code = "answers_differ" // said: how, then the steps
	RateUnkept    Code = "rate_unkept"    // asked_per_s, reached_per_s, users, service_mean_us, lag_mean_us, trials, of_trials
	GeneratorLate Code = "generator_late" // lag_mean_us, lag_sd_us, latency_mean_us
	Degraded      Code = "degraded"       // peak_per_s, peak_connections, last_per_s, last_connections
)

// Notes on documents and runs.
const (
	OtherSessions   Code = "other_sessions"
	OtherMachine    Code = "other_machine"     // said: the baseline, then what, here, there of each difference
	SentByHosts     Code = "sent_by_hosts"     // hosts; said: of each its name, and what it said of itself
	SentByProcesses Code = "sent_by_processes" // processes
	SentByK6        Code = "sent_by_k6"        // said: its version
	HostsDiffer     Code = "hosts_differ"      // said: a host, and in what it differs or may disturb
	NotMeasurable   Code = "not_measurable"    // said: why
	Incomplete      Code = "incomplete"
	Noted           Code = "noted"                // said: what a document or recording says of itself
	TimeUp          Code = "time_limit"           // pairs, most_pairs, planned_pairs
	GivenUp         Code = "given_up"             // pairs, failures, connections; said: the scenario
	NewerAttempt    Code = "newer_attempt"        // said: this session, when, the newer one, who, when; complete (1: it is)
	OwnScenario     Code = "own_scenario"         // said: how it differs
	Grows           Code = "grows"                // said: what
	InTurn          Code = "in_turn"              // said: why, a code of documents
	RateDiffers     Code = "rate_not_sustained"   // per_s, in_slots_per_s
	WaitDiffers     Code = "wait_not_sustained"   // wait_us, in_slots_wait_us
	ErrorsDiffer    Code = "errors_not_sustained" // fraction, in_slots_fraction
	SlotsPart       Code = "slots_part"           // ratio, typical_ratio
	Batches         Code = "batches"              // cpu_ratio, latency_ratio; metric: the latency
	SameProcesses   Code = "same_processes"       // floor_fraction; said: of which targets
	TrialNoted      Code = "trial_noted"          // more_trials; said: what
	TrialNotCounted Code = "trial_not_counted"    // said: why, what to do
	CoresListed     Code = "cores_listed"         // cores
	WrongCounted    Code = "wrong_answers_counted"
)

// Why a target has no figures, or none to be held against.
const (
	NotMeasured    Code = "not_measured"
	OtherFailed    Code = "other_failed" // said: which target
	NotInPair      Code = "not_in_pair"
	WrongAnswers   Code = "wrong_answers"
	NoTrialWorked  Code = "no_trial_worked" // said: the error
	NotLoaded      Code = "not_loaded"      // said: who answered wrongly
	AskedOtherwise Code = "asked_otherwise" // (more: how)
	NotComparable  Code = "not_comparable"  // (more: why)
	TrialFailed    Code = "trial_failed"    // said: the error
)

// How two measurements differ in what was asked.
const (
	OtherScenario Code = "other_scenario" // said: hash here, hash there
	OtherThreads  Code = "other_threads"  // threads, baseline_threads
	OtherDuration Code = "other_duration" // s, baseline_s
	OtherWarmup   Code = "other_warmup"   // s, baseline_s
	OtherTimeout  Code = "other_timeout"  // s, baseline_s
	OtherThink    Code = "other_think"    // said: here, there
	OtherSender   Code = "other_sender"   // said: here, there: "wrk on 2 hosts" or "k6 on this machine alone"
	OtherRate     Code = "other_rate"     // said: here, there: "open, 2000/s, constant" or "closed, 16 users"
)

// What was wrong with a target's requests and answers.
const (
	RefusedBefore Code = "refused_before"  // said: what it answered before the load
	Lost          Code = "lost"            // count, of, fraction
	Late          Code = "late"            // count, of, fraction
	Unanswered    Code = "unanswered"      // count, of, fraction
	Surplus       Code = "surplus"         // count, of, fraction
	Broken        Code = "broken"          // count, of, fraction
	NotAsExpected Code = "not_as_expected" // count, of, fraction; said: the expectation
	Redirected    Code = "redirected"      // count, of (answers)
	Retried       Code = "retried"         // count, of (answers)
	Statuses      Code = "statuses"        // (how many answers had each status, by its number)
)

// Why there is no figure, no ratio, no check.
const (
	NoCommonPair      Code = "no_common_pair"
	NoSuchFigure      Code = "no_such_figure"
	NotReadable       Code = "not_readable"
	NoWindowCounts    Code = "no_window_counts"
	NotRecorded       Code = "not_recorded"
	NoSampleThere     Code = "no_sample_from_core"
	BaselineZero      Code = "baseline_is_zero"
	LeaksElsewhere    Code = "leaks_elsewhere"
	NoRunCounts       Code = "no_run_counts"
	RateIsAsked       Code = "rate_is_asked"    // asked_per_s
	RateNotReached    Code = "rate_not_reached" // asked_per_s, reached_per_s
	RatioToZero       Code = "ratio_to_zero"
	NoPairHasBoth     Code = "no_pair_has_both"
	BoundNotReadable  Code = "bound_not_readable"
	ExpectationMissed Code = "expectation_missed" // reached; said: the metric, the bound
)

// Why verdicts are what they are (compare/stats).
const (
	DifferenceShown    Code = "difference_shown"    // low, high
	ParityShown        Code = "parity_shown"        // low, high, margin, measurable_ratio (0: none is)
	TooWide            Code = "too_wide"            // low, high, pairs_needed (0: unknown), (half_width: of the interval, as a fraction)
	TooFewForRanks     Code = "too_few_for_ranks"   // pairs, pairs_needed (0: unknown)
	TooFewPairs        Code = "too_few_pairs"       // pairs, least_pairs
	NoUsablePair       Code = "no_usable_pair"      //
	NothingThenOrNow   Code = "nothing_then_or_now" // pairs_then, pairs_now
	MeanUnsure         Code = "mean_without_interval"
	NoRatio            Code = "no_ratio"              // (more: which pairs)
	UnusableRule       Code = "unusable_rule"         // said: what is wrong with it
	OtherMinutes       Code = "other_minutes"         //
	RatioDrifts        Code = "ratio_drifts"          // change_ratio (of one pair to the next, above 1: the candidate gets better), metric_ratio (the same of the metric itself), p
	AgainstControl     Code = "against_control"       // pairs_then, pairs_now (more: the reason)
	JudgedByRanks      Code = "judged_by_ranks"       // (more: why)
	WildPair           Code = "wild_pair"             // modified_z, limit
	WildThen           Code = "wild_pair_then"        // modified_z
	WildNow            Code = "wild_pair_now"         // modified_z
	CentresApart       Code = "centres_apart"         // standard_errors
	SameRatio          Code = "same_ratio"            //
	PairsMissing       Code = "pairs_missing"         // pairs
	PairsInvalid       Code = "pairs_invalid"         //
	PairsInvalidThen   Code = "pairs_invalid_then"    //
	OrderMatters       Code = "order_matters"         // effect_ratio, p
	PairsFarFromOthers Code = "pairs_far_from_others" //
	NotStated          Code = "not_stated"            // p_adjusted, parity_p_adjusted, alpha (more: what the metric alone would show)
	WithinFloor        Code = "within_floor"          // low, high, floor_fraction
	MayDrift           Code = "may_drift"             //
)

// What keeps a run from saying more, and what to do about it.
const (
	PairsScatter   Code = "pairs_scatter"        // scatter_fraction, shows_fraction, pairs
	AdviseStart    Code = "advise_start"         //
	AdvisePin      Code = "advise_pin"           //
	AdviseQuiet    Code = "advise_quiet_machine" //
	AdviseTogether Code = "advise_one_run"       //
	AdvisePairs    Code = "advise_pairs"         // pairs, shows_fraction (absent: any verdict), s
	AdviseTime     Code = "advise_time"          // pairs, s (of the whole run)
)

// Why a gate decides as it does. All of these have warn_fraction and fail_fraction,
// and the ratios at which the metric is worse by that, warn_ratio and fail_ratio;
// all but the last two have ratio, low, high, pairs, worse (1) or better (0).
const (
	LossBeyondFail     Code = "loss_beyond_fail"
	LossProvenBeyond   Code = "loss_proven_beyond_fail"
	LossNotExcluded    Code = "loss_not_ruled_out"
	LossBeyondWarn     Code = "loss_beyond_warn"
	LossExcluded       Code = "loss_ruled_out"
	LossOpen           Code = "loss_neither_proven_nor_ruled_out"
	LossByChance       Code = "loss_by_chance"        // p_adjusted, metrics, alpha
	LargeLossExcluded  Code = "large_loss_ruled_out"  //
	NotShownWithinFail Code = "not_shown_within_fail" // (more: why not)
)

// What else a gate says.
const (
	FailureWants     Code = "failure_wants"               // (more: the conditions that are not met)
	WantsLoss        Code = "wants_loss"                  // fail_ratio (fail_fraction: as a size)
	WantsProof       Code = "wants_proof"                 // proof_ratio, proven_ratio (proof_fraction, proven_fraction: as sizes)
	WantsP           Code = "wants_p"                     // p_limit, p
	OldRun           Code = "old_run"                     // age_s; said: the session
	ExpectationsOpen Code = "expectations_missed"         // said: the scenarios
	ExpectationsBoth Code = "expectations_missed_by_both" // said: the baseline, the scenarios
	BetweenUnknown   Code = "runs_differ_by_unknown"      //
	MayBeBetween     Code = "may_be_between_runs"         // (more: the decision without it)
	BetweenKnown     Code = "runs_differ_by"              // runs, most_runs
)

// Notes and reasons of a gate against an earlier run.
const (
	AgainstItself     Code = "against_itself"
	OtherMachineThen  Code = "other_machine_then" // said: what, now, then of each difference
	BaselineUnready   Code = "baseline_run_incomplete"
	NotMeasuredNow    Code = "not_measured_now" // said: what
	NoBaselineResults Code = "no_baseline_results"
	InBaselineRun     Code = "in_baseline_run" // (more: why)
	OtherSchema       Code = "other_schema"    // schema_then, schema_now
	OtherThanBaseline Code = "other_than_baseline"
	// Of microbenchmarks.
	OtherToolchain     Code = "other_toolchain"      // said: the compiler now, and then
	NoControlElsewhere Code = "no_control_elsewhere" // said: what, now, then of each difference of the machines
)

// Steps of a history, and why runs are not compared.
const (
	RunLeftOut      Code = "run_left_out" // said: the session, why
	FirstOnMachine  Code = "first_on_machine"
	Stepped         Code = "step"     // ratio, low, high, worse (1) or better (0), p, runs_before, runs_after
	FewRuns         Code = "few_runs" // runs, least_runs
	ScenarioChanged Code = "scenario_changed"
	LoadChanged     Code = "load_changed"
)

// Verdicts on leaks of memory, docs/memory.md.
const (
	LeakWindowShort Code = "leak_window_short" // s, least_s
	SamplesMissing  Code = "samples_missing"
	LeakToTheEnd    Code = "leak_to_the_end"
	LeakSlowing     Code = "leak_slowing"
	LeakInSteps     Code = "leak_in_steps"
	LeakTeeth       Code = "leak_hidden_by_teeth" // teeth_bytes
	LeakNotExcluded Code = "leak_not_ruled_out"   // bytes_per_s
	LeakLevelledOff Code = "leak_levelled_off"
	NoGrowth        Code = "no_growth"         // least_bytes, s
	RunsWithVerdict Code = "runs_with_verdict" // runs_alike, runs
)

// Verdicts on drift and notes on windows, docs/soak.md. Values without a unit
// are in that of the metric.
const (
	FewWindows       Code = "few_windows" // windows, least_windows
	NoWindowTimes    Code = "no_window_times"
	Drifted          Code = "drifted" // from, to, s
	DriftSlowing     Code = "drift_slowing"
	DriftNotExcluded Code = "drift_not_ruled_out" // change, middle, s
	LevelledOff      Code = "levelled_off"
	NoDrift          Code = "no_drift" // change, middle, s
	NoWindow         Code = "no_window"
	WindowNotCounted Code = "window_not_counted"   // more_windows; said: why
	WindowWrong      Code = "window_wrong_answers" // count, of, more_windows
	WindowNoted      Code = "window_noted"         // more_windows; said: what
	MoreNotes        Code = "more_notes"           // notes
)

// Profiles.
const (
	NoSamples      Code = "no_samples"       // said: why; (else more)
	NoHeapFigures  Code = "no_heap_figures"  // said: why; (else more)
	LoadNotCounted Code = "load_not_counted" // said: why
)

// Ledgers: what measured CPU time says beside counted instructions, docs/ledger.md.
const (
	TimeAgrees  Code = "time_agrees"    // instructions_ratio, cpu_ratio, low, high
	TimeSameWay Code = "time_same_way"  // instructions_ratio, cpu_ratio, low, high
	TimeOpen    Code = "time_open"      // instructions_ratio, cpu_ratio, low, high
	TimeDiffers Code = "time_differs"   // instructions_ratio, cpu_ratio, low, high
	TimeUnknown Code = "time_not_known" // instructions_ratio, cpu_ratio

	NoSymbols       Code = "no_symbols"        // fraction
	NoProfileStored Code = "no_profile_stored" // said: the scenario, why nothing was sampled

	FloorUncounted  Code = "floor_not_counted" // said: why
	FloorAnswers    Code = "floor_answers"     // bytes, floor_bytes
	FloorDearer     Code = "floor_dearer"
	NoFloor         Code = "no_floor"
	NeitherHas      Code = "neither_has_any"
	NoneAnyMore     Code = "none_any_more"
	BaselineHasNone Code = "baseline_has_none" // count; said: the baseline
)

// Microbenchmarks.
const (
	NoBenchmark    Code = "no_benchmark"    // said: its name
	OtherUnit      Code = "other_unit"      // said: the benchmark, the unit here, the unit there
	NoStatistic    Code = "no_statistic"    // said: the statistic, the benchmark
	OtherWork      Code = "other_work"      // amount, baseline_amount; said: the unit here, the unit there
	RoundFailed    Code = "round_failed"    // said: why
	OneRound       Code = "one_round"       //
	RoundsImported Code = "rounds_imported" //
	MatchUnused    Code = "match_unused"    // said: the match
	PairedAlready  Code = "paired_already"  // said: the benchmark, what it fits, what is paired with that
)

// Searches for capacity, docs/capacity.md.
const (
	CapacityNever     Code = "capacity_never"     // least_per_s; said: the bounds that did not hold
	CapacityAlways    Code = "capacity_always"    // most_per_s
	CapacityGenerator Code = "capacity_generator" // rate_per_s; said: why no higher rate could be tried
	CapacityUnknown   Code = "capacity_not_found" // trials; said: why trials say nothing
	CapacityRepeats   Code = "capacity_repeats"   // repeats, planned
	CapacityVoid      Code = "capacity_void"      // trials_void, trials; said: why the last one says nothing
	CapacityEnded     Code = "capacity_ended"     // trials_ended, trials; said: how, in the last one
)
