package syntax

import "fmt"

// LuaJIT's limits (lj_def.h), which gopher-lua does not have.
const (
	maxLocals   = 200 // active at once in a function, hidden loop variables included
	maxUpvalues = 60  // of enclosing functions that one function uses
	maxLevels   = 199 // blocks and expressions in one another
)

// function is one function while its body is read.
type function struct {
	parent   *function
	line     int // 0: the main function
	vararg   bool
	active   []*local
	upvalues map[*local]bool
	block    *block
}

type local struct{ name string }

// block is a scope with its labels, and the gotos that have not found theirs.
type block struct {
	parent *block
	loop   bool
	outer  int // locals that were active before it
	labels map[string]int
	gotos  []jump
}

// jump is a goto or, with the label "break", a break.
type jump struct {
	label  string
	at     token
	active int // locals where it stands
}

const breakLabel = "break"

func (p *parser) open(line int, vararg bool) {
	p.fn = &function{parent: p.fn, line: line, vararg: vararg, upvalues: map[*local]bool{}}
	p.begin(false)
}

func (p *parser) close() {
	p.end()
	p.fn = p.fn.parent
}

func (p *parser) begin(loop bool) {
	p.fn.block = &block{parent: p.fn.block, loop: loop, outer: len(p.fn.active), labels: map[string]int{}}
}

// end leaves a block: gotos without a label in it may find one outside.
func (p *parser) end() {
	b := p.fn.block
	p.fn.active = p.fn.active[:b.outer]
	p.fn.block = b.parent
	for _, j := range b.gotos {
		_, back := b.labels[j.label]
		switch {
		case back || b.loop && j.label == breakLabel:
		case b.parent != nil:
			j.active = min(j.active, b.outer)
			b.parent.gotos = append(b.parent.gotos, j)
		case j.label == breakLabel:
			p.failAt(j.at, "break and goto reach only loops and labels of the same function", "no loop to break")
		default:
			p.failAt(j.at, "break and goto reach only loops and labels of the same function", "undefined label '%s'", j.label)
		}
	}
}

// jumpTo notes a goto or break.
func (p *parser) jumpTo(label string, at token) {
	b := p.fn.block
	b.gotos = append(b.gotos, jump{label, at, len(p.fn.active)})
}

// label defines one at the current place, where active locals are visible.
func (p *parser) label(name token, active int) {
	b := p.fn.block
	b.labels[name.value] = active
	left := b.gotos[:0]
	for _, j := range b.gotos {
		if j.label != name.value {
			left = append(left, j)
		} else if j.active < active {
			p.failAt(j.at, "declare the local before the goto, or put it into a do … end block", "<goto %s> jumps into the scope of local '%s'", j.label, p.fn.active[j.active].name)
		}
	}
	b.gotos = left
}

func (fn *function) String() string {
	if fn.line == 0 {
		return "main function"
	}
	return fmt.Sprintf("function at line %d", fn.line)
}

func (p *parser) declare(at token, names ...string) {
	for _, name := range names {
		p.fn.active = append(p.fn.active, &local{name})
	}
	p.checkLocals(at, 0)
}

// checkLocals holds the function to its limit, with more that are about to be declared.
func (p *parser) checkLocals(at token, more int) {
	if len(p.fn.active)+more > maxLocals {
		p.failAt(at, "put them into a table, or into do … end blocks", "%s has more than %d local variables", p.fn, maxLocals)
	}
}

// use resolves a name, counts it as an upvalue of every function between its
// declaration and its use, and says whether it is a local variable.
func (p *parser) use(t token) bool {
	found := p.fn.resolve(t.value)
	for fn := p.fn; fn != nil; fn = fn.parent {
		if len(fn.upvalues) > maxUpvalues {
			p.failAt(t, "keep them in a table that the function uses", "%s has more than %d upvalues", fn, maxUpvalues)
		}
	}
	return found != nil
}

func (fn *function) resolve(name string) *local {
	for i := len(fn.active) - 1; i >= 0; i-- {
		if fn.active[i].name == name {
			return fn.active[i]
		}
	}
	if fn.parent == nil {
		return nil
	}
	found := fn.parent.resolve(name)
	if found != nil {
		fn.upvalues[found] = true
	}
	return found
}
