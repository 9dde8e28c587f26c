package bench

import "time"

// Event tells where a run stands, each time that changes.
type Event struct {
	Cell   string // scenario and connections
	Target string
	Pair   int
	Pairs  int
	Phase  Phase
	Done   int           // trials finished
	Trials int           // trials planned
	Takes  time.Duration // what this phase is expected to take at least; 0: unknown
	Left   time.Duration // estimate until the run ends
}

// Phase is what is going on within a trial.
type Phase string

const (
	Starting  Phase = "starting"
	WarmingUp Phase = "warming up"
	Measuring Phase = "measuring"
	Finished  Phase = "finished" // the whole run
)

// tracker turns progress into events with an estimate of the time left: the
// planned seconds of the trials to come, plus for each the overhead (starting
// servers, setups, stopping) that trials had so far on average.
type tracker struct {
	emit     func(Event)
	now      func() time.Time
	started  time.Time
	at       Event
	planned  time.Duration // seconds asked for by all trials
	finished time.Duration // by those that are over
}

func newTracker(p Plan, survey Survey, cells []Cell, emit func(Event), now func() time.Time) *tracker {
	t := &tracker{emit: emit, now: now, started: now()}
	t.at.Pairs = p.Pairs
	for _, c := range cells {
		if survey.Refused(c.scenario) != "" {
			continue
		}
		trials := p.Pairs * len(p.Targets)
		t.at.Trials += trials
		t.planned += time.Duration(trials) * c.takes()
	}
	return t
}

func (t *tracker) phase(s spot, phase Phase, takes time.Duration) {
	t.at.Cell, t.at.Target, t.at.Pair = s.cell.Name(), s.target.Name, s.pair
	t.at.Phase, t.at.Takes = phase, takes
	t.at.Left = t.left()
	t.emit(t.at)
}

func (t *tracker) done(c Cell, trials int) {
	t.at.Done += trials
	t.finished += time.Duration(trials) * c.takes()
}

func (t *tracker) finish() {
	t.at.Phase, t.at.Takes, t.at.Left = Finished, 0, 0
	t.emit(t.at)
}

func (t *tracker) left() time.Duration {
	left := t.planned - t.finished
	if t.at.Done > 0 {
		overhead := (t.now().Sub(t.started) - t.finished) / time.Duration(t.at.Done)
		left += overhead * time.Duration(t.at.Trials-t.at.Done)
	}
	return max(left, 0)
}

// takes is what one trial of the cell lasts at least.
func (c Cell) takes() time.Duration { return c.Warmup + c.Duration }
