package bench

import (
	"time"

	"taskbench/parse"
	"taskbench/results"
)

// Event tells where a run stands, each time that changes.
type Event struct {
	Cell   string // scenario and connections
	Target string
	Pair   int
	Pairs  int
	Unit   string // what Pair counts: "pair", or a soak's "window"
	Phase  Phase
	Done   int // trials finished
	Trials int // trials planned, at most: a rule may need fewer

	At    time.Time      // when this was so
	Left  time.Duration  // estimate, at that time, until the run ends
	Setup SetupProgress  // in phase SettingUp
	Live  parse.Live     // the trial being measured, so far; no seconds: not known (yet)
	Slots SlotsProgress  // of the pair being measured in slots, so far
	Lost  time.Duration  // in phase InTurn: what the attempt in slots took
	Plan  Foreseen       // in phase Planned
	Trial *results.Trial // in phase Ended: what it brought
}

// Phase is what is going on within a trial.
type Phase string

const (
	Planned   Phase = "planned" // what there is time for, of a run with a deadline: before its first pair, and corrected behind it
	Starting  Phase = "starting"
	SettingUp Phase = "setting up"
	WarmingUp Phase = "warming up"
	Measuring Phase = "measuring"
	// Sustaining: load without pauses is held against slots once more.
	Sustaining Phase = "sustained load"
	Stopping   Phase = "stopping"
	InTurn     Phase = "in turn"  // an attempt in slots is over, and its cell measured in turn from here on
	Ended      Phase = "ended"    // one trial
	Finished   Phase = "finished" // the whole run
)

// SetupProgress is how far the setup of virtual users is.
type SetupProgress struct {
	Ready, Users int
	Left         time.Duration // estimate
}

// tracker turns progress into events with an estimate of the time left: the
// planned seconds of the trials to come, plus for each the overhead (starting
// servers, setups, stopping) that trials had so far on average.
type tracker struct {
	emit    func(Event)
	now     func() time.Time
	started time.Time
	at      Event
	targets int
	planned time.Duration // asked for by the trials to come, the running one included
	spent   time.Duration // asked for by those of this process that are over
	ran     int           // how many those are
	untold  int           // how many of those have not been told of yet
	until   time.Time     // when the run is to be over; zero: when it is done
	cells   []*cellRun
	around  time.Duration // of a trial, beside what is asked for, as it is thought before the first
	began   time.Time     // when the running trial did; zero between trials
}

func newTracker(c *campaign) *tracker {
	t := &tracker{emit: c.Progress, now: c.Now, started: c.Now(), targets: len(c.docs), until: c.Deadline, cells: c.cells}
	t.at.Pairs, t.at.Unit = c.plan.Pairs, "pair"
	for _, cell := range c.cells {
		done := len(cell.done)
		t.at.Done += done * t.targets
		t.at.Trials += done * t.targets
		if !cell.over {
			trials := (cell.foreseen - done) * t.targets
			t.around += c.plan.Cells[cell.index].around / time.Duration(len(c.cells)*t.targets)
			t.at.Trials += trials
			t.planned += time.Duration(trials) * cell.takes()
		}
	}
	return t
}

// tell emits the event of this moment.
func (t *tracker) tell() {
	t.at.At, t.at.Left = t.now(), t.left()
	t.emit(t.at)
}

// announce tells what there is time for.
func (t *tracker) announce(f Foreseen) {
	t.at.Phase, t.at.Plan, t.at.Trial = Planned, f, nil
	t.tell()
}

func (t *tracker) phase(s spot, phase Phase) {
	if phase == Starting {
		t.began = t.now()
	}
	t.at.Cell, t.at.Target, t.at.Pair = s.cell.Name(), s.target.Name, s.pair
	t.at.Phase, t.at.Live, t.at.Setup, t.at.Slots, t.at.Trial = phase, parse.Live{}, SetupProgress{}, SlotsProgress{}, nil
	t.tell()
}

// live tells what the script says of the trial being measured.
func (t *tracker) live(l parse.Live) {
	t.at.Live = l
	t.tell()
}

// slots tells how far a pair in slots is.
func (t *tracker) slots(s SlotsProgress) {
	t.at.Slots = s
	t.tell()
}

// done counts a trial that was measured, and tells of it.
func (t *tracker) done(c Cell, trial results.Trial) {
	t.count(c, 1)
	t.brought(trial)
}

// count counts trials that were measured together.
func (t *tracker) count(c Cell, trials int) {
	t.untold += trials
	t.ran += trials
	t.spent += time.Duration(trials) * c.takes()
	t.planned -= time.Duration(trials) * c.takes()
	t.began = time.Time{}
}

// brought tells of one that is counted.
func (t *tracker) brought(trial results.Trial) {
	t.untold--
	t.at.Done++
	t.at.Phase, t.at.Live, t.at.Slots, t.at.Trial = Ended, parse.Live{}, SlotsProgress{}, &trial
	t.tell()
}

// leftOut tells of an attempt in slots that brought nothing. It is no sign of how long
// trials take.
func (t *tracker) leftOut(took time.Duration) {
	t.started, t.began = t.started.Add(took), time.Time{}
	t.at.Phase, t.at.Lost, t.at.Live, t.at.Setup, t.at.Slots = InTurn, took, parse.Live{}, SetupProgress{}, SlotsProgress{}
	t.tell()
}

// skip leaves trials out that turned out not to be needed.
func (t *tracker) skip(c Cell, trials int) {
	t.at.Trials -= trials
	t.planned -= time.Duration(trials) * c.takes()
}

// longer has the trials to come be longer, or shorter.
func (t *tracker) longer(trials int, by time.Duration) {
	t.planned += time.Duration(trials) * by
}

func (t *tracker) finish() {
	t.at.Phase, t.at.Live, t.at.Trial = Finished, parse.Live{}, nil
	t.at.At, t.at.Left = t.now(), 0
	t.emit(t.at)
}

func (t *tracker) left() time.Duration {
	left := t.planned + t.overhead()*time.Duration(t.at.Trials-t.at.Done-t.untold)
	if !t.began.IsZero() {
		left -= t.now().Sub(t.began)
	}
	if !t.until.IsZero() {
		left = min(left, max(t.until.Sub(t.now()), t.firsts()))
	}
	return max(left, 0)
}

// firsts is what first pairs take that are to come: they are measured whatever the
// clock says.
func (t *tracker) firsts() (left time.Duration) {
	over := t.ran
	for _, cell := range t.cells {
		over -= cell.now * t.targets
	}
	for _, cell := range t.cells {
		if trials := t.targets; !cell.over && cell.now == 0 {
			if cell.Name() == t.at.Cell {
				trials -= over
			}
			left += time.Duration(trials) * (cell.takes() + t.overhead())
		}
	}
	return left
}

// overhead is what a trial took beyond what was asked, on average, or is thought to
// before the first.
func (t *tracker) overhead() time.Duration {
	if t.ran == 0 {
		return t.around
	}
	taken := t.now().Sub(t.started)
	if !t.began.IsZero() {
		taken = t.began.Sub(t.started)
	}
	return max(taken-t.spent, 0) / time.Duration(t.ran)
}
