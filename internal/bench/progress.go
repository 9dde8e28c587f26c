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
	Trials int           // trials planned, at most: a rule may need fewer
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
	emit    func(Event)
	now     func() time.Time
	started time.Time
	at      Event
	targets int
	planned time.Duration // asked for by the trials to come
	spent   time.Duration // asked for by those of this process that are over
	ran     int           // how many those are
}

func newTracker(c *campaign) *tracker {
	t := &tracker{emit: c.Progress, now: c.Now, started: c.Now(), targets: len(c.docs)}
	t.at.Pairs = c.plan.Pairs
	for _, cell := range c.cells {
		done := len(cell.done)
		t.at.Done += done * t.targets
		t.at.Trials += done * t.targets
		if !cell.over {
			trials := (c.plan.Pairs - done) * t.targets
			t.at.Trials += trials
			t.planned += time.Duration(trials) * cell.takes()
		}
	}
	return t
}

func (t *tracker) phase(s spot, phase Phase, takes time.Duration) {
	t.at.Cell, t.at.Target, t.at.Pair = s.cell.Name(), s.target.Name, s.pair
	t.at.Phase, t.at.Takes = phase, takes
	t.at.Left = t.left()
	t.emit(t.at)
}

// done counts a trial that was measured.
func (t *tracker) done(c Cell) {
	t.at.Done++
	t.ran++
	t.spent += c.takes()
	t.planned -= c.takes()
}

// skip leaves trials out that turned out not to be needed.
func (t *tracker) skip(c Cell, trials int) {
	t.at.Trials -= trials
	t.planned -= time.Duration(trials) * c.takes()
}

func (t *tracker) finish() {
	t.at.Phase, t.at.Takes, t.at.Left = Finished, 0, 0
	t.emit(t.at)
}

func (t *tracker) left() time.Duration {
	return max(t.planned+t.overhead()*time.Duration(t.at.Trials-t.at.Done), 0)
}

// overhead is what a trial took beyond what was asked, on average; 0 before the first.
func (t *tracker) overhead() time.Duration {
	if t.ran == 0 {
		return 0
	}
	return max(t.now().Sub(t.started)-t.spent, 0) / time.Duration(t.ran)
}

// pairTakes estimates how long a pair of the cell will last.
func (t *tracker) pairTakes(c Cell) time.Duration {
	return time.Duration(t.targets) * (c.takes() + t.overhead())
}
