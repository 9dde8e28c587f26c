package callgrind

import "slices"

// Recording is what a file holds, its parts added up.
type Recording struct {
	Events    []string   // what costs count, in their order: "Ir", "sysCount", …
	Functions []Function // in the order in which the file names them
	Calls     []Call     // one for each pair of functions, in the order first met
	Parts     int        // dumps that were in the file
}

// Function is one function of one object.
type Function struct {
	Name   string   // as recorded: mangled, if the program was told not to demangle
	Object string   // executable or library; "" when unknown
	Self   []uint64 // cost of the function alone, by event
}

// Call is all calls of one function by another.
type Call struct {
	From, To  int      // in Functions
	Count     uint64   // how often it was called
	Inclusive []uint64 // what the calls cost with all that was called, by event
}

// Event is the place of an event in costs; -1 when it was not recorded.
func (r *Recording) Event(name string) int { return slices.Index(r.Events, name) }

// Total is the sum of what all functions cost themselves; 0 of an event that was
// not recorded.
func (r *Recording) Total(event int) uint64 {
	var sum uint64
	if event >= 0 {
		for _, f := range r.Functions {
			sum += f.Self[event]
		}
	}
	return sum
}
