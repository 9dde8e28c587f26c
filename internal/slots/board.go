// Package slots lets several generators take turns of a fraction of a second,
// so that what disturbs the machine disturbs all servers of a pair alike.
//
// A Board is a file in memory that taskbench and the generators' scripts share
// (lua/runtime/board.lua). taskbench writes on it whose turn is when, on the
// clock that all processes of a machine share; scripts write on it that they are
// ready, what they have sent, and how late answers came.
package slots

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"strconv"
	"syscall"
	"time"

	"taskbench/internal/source"
)

// Limits of a board.
const (
	MaxPlaces = 16
	MaxRounds = 4096
)

// LateCounts is how many powers of two lateness is counted in.
const LateCounts = 32

// Where things stand on a board, in bytes; lua/runtime/board.lua declares the
// same as C structures.
const (
	phaseSize = 4*8 + 8*(MaxRounds+1) + MaxRounds*MaxPlaces
	placeSize = countsAt + 4*4 + 4*LateCounts + 4*MaxRounds
	beginsAt  = 4 * 8 // in a phase
	turnsAt   = beginsAt + 8*(MaxRounds+1)
	overAt    = 8
	waitedAt  = 8 // in a place
	countsAt  = 16
	lateAt    = countsAt + 4*4
	sentAt    = lateAt + 4*LateCounts
	phasesAt  = 16
	placesAt  = phasesAt + 2*phaseSize
	boardSize = placesAt + MaxPlaces*placeSize
)

// Board is shared by taskbench and the generators of a pair.
type Board struct {
	Path   string
	Places int // how many generators take turns
	memory []byte
}

// New makes a board for so many places, from 2 to MaxPlaces, in a file of that
// path. It must be closed.
func New(path string, places int) (*Board, error) {
	if places < 1 || places > MaxPlaces {
		return nil, fmt.Errorf("a board has 1 to %d places, not %d", MaxPlaces, places)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, source.WithHint(err, "generators take turns through that file; set TMPDIR to a folder that is writable")
	}
	defer f.Close()
	if err := f.Truncate(boardSize); err != nil {
		return nil, err
	}
	memory, err := syscall.Mmap(int(f.Fd()), 0, boardSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("memory cannot be shared with generators: %w", err)
	}
	b := &Board{Path: path, Places: places, memory: memory}
	b.put(0, float64(places))
	return b, nil
}

// Close ends the sharing on this side and removes the file. Generators that
// still run keep their side.
func (b *Board) Close() error {
	if err := syscall.Munmap(b.memory); err != nil {
		return err
	}
	b.memory = nil
	return os.Remove(b.Path)
}

// Env are the variables with which the generator of a place finds the board.
func (b *Board) Env(place int) map[string]string {
	return map[string]string{"TASKBENCH_BOARD": b.Path, "TASKBENCH_PLACE": strconv.Itoa(place)}
}

func (b *Board) put(at int, value float64) {
	binary.LittleEndian.PutUint64(b.memory[at:], math.Float64bits(value))
}

func (b *Board) get(at int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(b.memory[at:]))
}

func (b *Board) count(at int) uint32 { return binary.LittleEndian.Uint32(b.memory[at:]) }

// Begin announces a phase: the warm-up (0) or what is measured (1). It is to
// begin at StartUS, which is in the future.
func (b *Board) Begin(phase int, s Schedule) {
	at := phasesAt + phase*phaseSize
	b.put(at+8, us(s.Slot))
	b.put(at+16, us(s.Gap))
	b.put(at+24, float64(s.Rounds()))
	for round, order := range s.Order {
		for turn, place := range order {
			b.memory[at+turnsAt+round*MaxPlaces+place] = byte(turn)
		}
	}
	for round, begins := range s.begins() {
		b.put(at+beginsAt+8*round, begins)
	}
	b.put(at, s.StartUS) // last: generators look at it first
}

// Skip says that a phase does not take place.
func (b *Board) Skip(phase int) { b.put(phasesAt+phase*phaseSize, 1) }

// GiveUp says that there are no more slots, whatever was announced.
func (b *Board) GiveUp() { b.put(overAt, 1) }

// Ready reports whether the generator of a place waits for the phase that
// comes first.
func (b *Board) Ready(place int) bool { return b.get(placesAt+place*placeSize) != 0 }

// Over reports whether the script of a place has ended its run.
func (b *Board) Over(place int) bool { return b.get(placesAt+place*placeSize) == 2 }

// Sent is how many requests a place has sent in a round that is measured, up to
// now. It may miss a few: several threads count at once.
func (b *Board) Sent(place, round int) int {
	return int(b.count(placesAt + place*placeSize + sentAt + 4*round))
}

// Tally is what a place has done up to now, all phases together. It may miss a
// few: several threads count at once.
type Tally struct {
	AtUS     float64 // when it was read
	Asked    int
	Answered int
	Lost     int     // requests whose connection broke
	Wrong    int     // answers that were not as expected, or too late
	WaitedUS float64 // for all answers together; 0 where nobody knows who asked for which
}

// Tally reads it; now is the time.
func (b *Board) Tally(place int, now float64) Tally {
	at := placesAt + place*placeSize
	n := func(i int) int { return int(b.count(at + countsAt + 4*i)) }
	return Tally{AtUS: now, Asked: n(0), Answered: n(1), Lost: n(2), Wrong: n(3), WaitedUS: b.get(at + waitedAt)}
}

// Late is how late a place's answers came up to now, as Tally.
func (b *Board) Late(place int) Late {
	t := b.Tally(place, 0)
	l := Late{Sent: t.Asked, Open: max(0, t.Asked-t.Answered-t.Lost), Answered: t.Answered, WaitedUS: t.WaitedUS}
	for i := range l.Behind {
		l.Behind[i] = int(b.count(placesAt + place*placeSize + lateAt + 4*i))
	}
	return l
}

// Late is how long behind the ends of slots answers came.
type Late struct {
	Sent int // requests, those that were answered within their slot with them
	Open int // of all requests up to now, those without an answer whose connection did not break
	// Answered is how many were, and WaitedUS for how long all of them together were
	// waited for: 0 where nobody knows.
	Answered int
	WaitedUS float64
	// Behind counts those that were not, in powers of two: answers that came less
	// than 2^i µs behind their slot, and not less than half of it.
	Behind [LateCounts]int
}

func us(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
