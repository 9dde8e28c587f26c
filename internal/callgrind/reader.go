package callgrind

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// mostEvents is more than callgrind can count.
const mostEvents = 64

// reader is the state of a file half read.
type reader struct {
	out  Recording
	line int

	files, objects, names names // the three spaces of compressed names
	functions             map[functionKey]int
	edges                 map[[2]int]int

	positions int // words in front of a cost
	object    string
	function  int // -1: none yet
	to        int // what the next calls= is of; -1: none named

	calledObject struct {
		name  string
		given bool
	}
	calling bool // the next cost is that of calls
	count   uint64

	costs []uint64 // of the line being read
	part  []uint64 // what the part's functions cost themselves
	open  bool     // a part has costs that no totals: has confirmed
}

type functionKey struct{ object, name string }

func newReader() *reader {
	return &reader{
		files: names{}, objects: names{}, names: names{},
		functions: map[functionKey]int{}, edges: map[[2]int]int{}, positions: 1, function: -1, to: -1,
	}
}

func (r *reader) events(list []string) error {
	switch {
	case len(list) == 0 || len(list) > mostEvents:
		return fmt.Errorf("%d events", len(list))
	case r.out.Events != nil && !slices.Equal(r.out.Events, list):
		return errors.New("its parts count different events")
	}
	r.out.Events = list
	r.out.Parts++
	r.costs, r.part = make([]uint64, len(list)), make([]uint64, len(list))
	r.open = true
	return nil
}

// enter goes to the function whose costs follow.
func (r *reader) enter(value []byte) error {
	name, err := r.names.name(value)
	if err == nil {
		r.function, err = r.number(r.object, name)
	}
	return err
}

func (r *reader) called(value []byte) error {
	name, err := r.names.name(value)
	if err != nil {
		return err
	}
	object := r.object
	if r.calledObject.given {
		object = r.calledObject.name
	}
	r.calledObject.given = false
	r.to, err = r.number(object, name)
	return err
}

// number is the place of a function, made when it is new.
func (r *reader) number(object, name string) (int, error) {
	if r.out.Events == nil {
		return 0, errors.New("there is no line events: before the first function")
	}
	if object == "???" {
		object = ""
	}
	key := functionKey{object, name}
	i, known := r.functions[key]
	if !known {
		i = len(r.out.Functions)
		r.functions[key] = i
		r.out.Functions = append(r.out.Functions, Function{Name: name, Object: object, Self: make([]uint64, len(r.out.Events))})
	}
	return i, nil
}

func (r *reader) calls(value []byte) error {
	if r.function < 0 || r.to < 0 {
		return errors.New("calls= without fn= and cfn= before")
	}
	word, _ := field(value)
	count, err := number(word)
	r.count, r.calling = count, true
	return err
}

// cost takes a line of costs: of a function itself, or of the calls named before.
func (r *reader) cost(line []byte) error {
	if r.function < 0 {
		return errors.New("a cost stands before the first fn=")
	}
	if err := r.numbers(line); err != nil {
		return err
	}
	if r.calling {
		return r.call()
	}
	if err := add(r.out.Functions[r.function].Self, r.costs); err != nil {
		return err
	}
	return add(r.part, r.costs)
}

// numbers reads the costs of a line behind its position. Trailing zeros may be
// left out.
func (r *reader) numbers(line []byte) error {
	rest := line
	for range r.positions {
		var word []byte
		if word, rest = field(rest); !isPosition(word) {
			return errors.New("a cost has no position")
		}
	}
	clear(r.costs)
	for i := 0; ; i++ {
		var word []byte
		if word, rest = field(rest); len(word) == 0 {
			return nil
		}
		if i == len(r.costs) {
			return errors.New("a line has more costs than there are events")
		}
		var err error
		if r.costs[i], err = number(word); err != nil {
			return err
		}
	}
}

func (r *reader) call() error {
	key := [2]int{r.function, r.to}
	i, known := r.edges[key]
	if !known {
		i = len(r.out.Calls)
		r.edges[key] = i
		r.out.Calls = append(r.out.Calls, Call{From: r.function, To: r.to, Inclusive: make([]uint64, len(r.costs))})
	}
	c := &r.out.Calls[i]
	r.calling, r.to = false, -1
	c.Count += r.count
	return add(c.Inclusive, r.costs)
}

// totals holds the sum of a part against what was read of it.
func (r *reader) totals(words []string) error {
	if !r.open || len(words) > len(r.part) {
		return errors.New("totals: does not fit its part")
	}
	for i, sum := range r.part {
		var stated uint64
		if i < len(words) {
			var err error
			if stated, err = number([]byte(words[i])); err != nil {
				return err
			}
		}
		if stated != sum {
			return fmt.Errorf("the costs of %s add up to %d, but it states %d", r.out.Events[i], sum, stated)
		}
	}
	clear(r.part)
	r.open = false
	return nil
}

var errCut = errors.New("its end is missing: there is no line of totals")

// endPart closes a part where the next begins.
func (r *reader) endPart() error {
	if r.open {
		return errCut
	}
	r.object, r.function, r.to = "", -1, -1
	return nil
}

func (r *reader) finish() error {
	switch {
	case r.out.Parts == 0:
		return errors.New("it is empty")
	case r.open || r.calling:
		return errCut
	}
	return nil
}

// names are the names of one space by their compressed ids.
type names map[string]string

// name reads "(12) main", which gives the id a name, "(12)", which refers to
// it, and "main".
func (n names) name(value []byte) (string, error) {
	if len(value) == 0 || value[0] != '(' {
		return string(value), nil
	}
	end := bytes.IndexByte(value, ')')
	if end < 0 || !isPosition(value[1:end]) {
		return string(value), nil // "(below main)" without compression
	}
	id, text := value[:end+1], bytes.TrimSpace(value[end+1:])
	if len(text) > 0 {
		n[string(id)] = string(text)
	}
	name, known := n[string(id)]
	if !known {
		return "", fmt.Errorf("the id %s was given no name", id)
	}
	return name, nil
}

func (n names) set(to *string, value []byte) (err error) {
	*to, err = n.name(value)
	return err
}
