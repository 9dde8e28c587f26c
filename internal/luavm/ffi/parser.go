package ffi

import (
	"fmt"
)

// parser reads C declarations into a namespace, by recursive descent.
type parser struct {
	names *namespace
	toks  []token
	pos   int
	depth int
}

// maxDepth bounds nested structs, parentheses and declarators, so that no
// text can exhaust the stack.
const maxDepth = 100

// declare reads the text of ffi.cdef.
func (ns *namespace) declare(src string) error {
	toks, err := scan(src)
	if err != nil {
		return err
	}
	p := &parser{names: ns, toks: toks}
	for p.peek().kind != tokenEnd {
		if p.accept(";") {
			continue
		}
		if err := p.declaration(); err != nil {
			return fmt.Errorf("line %d: %w", p.peek().line, err)
		}
	}
	return nil
}

// parse reads the name of one type, as ffi.new and ffi.cast take it.
func (ns *namespace) parse(src string) (*ctype, error) {
	toks, err := scan(src)
	if err != nil {
		return nil, err
	}
	p := &parser{names: ns, toks: toks}
	base, err := p.specifiers()
	if err != nil {
		return nil, err
	}
	name, t, err := p.declarator(base)
	switch {
	case err != nil:
		return nil, err
	case p.peek().kind != tokenEnd || name != "":
		return nil, fmt.Errorf("unexpected %s in the C type %q", p.peek(), src)
	}
	return t, nil
}

func (p *parser) peek() token { return p.toks[p.pos] }

func (p *parser) next() token {
	t := p.toks[p.pos]
	if t.kind != tokenEnd {
		p.pos++
	}
	return t
}

func (p *parser) at(text string) bool {
	t := p.peek()
	return t.kind != tokenEnd && t.text == text
}

func (p *parser) accept(text string) bool {
	if p.at(text) {
		p.pos++
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if !p.accept(text) {
		return fmt.Errorf("%q expected near %s", text, p.peek())
	}
	return nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return fmt.Errorf("declaration is nested more than %d levels deep", maxDepth)
	}
	return nil
}

// declaration reads one typedef, type, constant or function, up to its ";".
func (p *parser) declaration() error {
	typedef, static := p.accept("typedef"), false
	for p.at("extern") || p.at("static") || p.at("inline") || p.at("__extension__") {
		static = static || p.at("static")
		p.next()
	}
	base, err := p.specifiers()
	if err != nil {
		return err
	}
	if p.accept(";") {
		return nil
	}
	for {
		name, t, err := p.declarator(base)
		if err != nil {
			return err
		}
		if name == "" {
			return fmt.Errorf("name expected near %s", p.peek())
		}
		if err := p.define(name, t, typedef, static); err != nil {
			return err
		}
		if !p.accept(",") {
			return p.expect(";")
		}
	}
}

func (p *parser) define(name string, t *ctype, typedef, static bool) error {
	switch {
	case typedef:
		p.names.types[name] = t
	case t.kind == kindFunction:
		p.names.functions[name] = t
	case static && t.kind == kindInt && p.accept("="):
		v, err := p.constant()
		if err != nil {
			return err
		}
		p.names.constants[name] = v
	default:
		return fmt.Errorf("%q is a variable: only types, functions and integer constants can be declared here", name)
	}
	return nil
}

// declarator reads what stands around a name: *name, name[4], (*name)(int).
func (p *parser) declarator(base *ctype) (string, *ctype, error) {
	if err := p.enter(); err != nil {
		return "", nil, err
	}
	defer func() { p.depth-- }()
	for p.accept("*") {
		base = pointerTo(base)
		p.qualifiers()
	}
	if p.nestedDeclarator() {
		return p.parenthesised(base)
	}
	name := ""
	if t := p.peek(); t.kind == tokenName {
		name = p.next().text
	}
	t, err := p.suffixes(base)
	return name, t, err
}

func (p *parser) nestedDeclarator() bool {
	if !p.at("(") || p.pos+1 >= len(p.toks) {
		return false
	}
	next := p.toks[p.pos+1].text
	return next == "*" || next == "("
}

// parenthesised reads (inner)suffix: the suffix binds to the base first, then
// the inner declarator is read again with what that gave.
func (p *parser) parenthesised(base *ctype) (string, *ctype, error) {
	start := p.pos + 1
	if err := p.skipParentheses(); err != nil {
		return "", nil, err
	}
	t, err := p.suffixes(base)
	if err != nil {
		return "", nil, err
	}
	end := p.pos
	p.pos = start
	name, t, err := p.declarator(t)
	if err != nil {
		return "", nil, err
	}
	err = p.expect(")")
	p.pos = end
	return name, t, err
}

func (p *parser) skipParentheses() error {
	for depth := 0; ; {
		switch t := p.next(); {
		case t.kind == tokenEnd:
			return fmt.Errorf("\")\" expected near %s", t)
		case t.text == "(":
			depth++
		case t.text == ")":
			if depth--; depth == 0 {
				return nil
			}
		}
	}
}

// suffixes reads [n][m] and (parameters) behind a name.
func (p *parser) suffixes(base *ctype) (*ctype, error) {
	if p.at("(") {
		return p.function(base)
	}
	var counts []int64
	for p.accept("[") {
		n, err := p.arrayCount()
		if err != nil {
			return nil, err
		}
		counts = append(counts, n)
	}
	t := base
	var err error
	for i := len(counts) - 1; i >= 0; i-- {
		if t, err = arrayOf(t, counts[i]); err != nil {
			return nil, err
		}
	}
	p.attributes()
	return t, nil
}

func (p *parser) arrayCount() (int64, error) {
	if p.accept("?") {
		return -1, p.expect("]")
	}
	if p.accept("]") {
		return 0, nil // a flexible array at the end of a struct
	}
	n, err := p.constant()
	if err != nil {
		return 0, err
	}
	if n < 0 {
		return 0, fmt.Errorf("array of %d elements", n)
	}
	return n, p.expect("]")
}

// function reads (parameters), and builds the function's type.
func (p *parser) function(result *ctype) (*ctype, error) {
	t := &ctype{kind: kindFunction, elem: result}
	p.next()
	for !p.accept(")") {
		if p.accept("...") {
			t.variadic = true
			continue
		}
		base, err := p.specifiers()
		if err != nil {
			return nil, err
		}
		_, param, err := p.declarator(base)
		if err != nil {
			return nil, err
		}
		if param.kind == kindArray || param.kind == kindFunction {
			param = decay(param)
		}
		if param.kind != kindVoid {
			t.params = append(t.params, param)
		}
		if !p.accept(",") && !p.at(")") {
			return nil, fmt.Errorf("\")\" expected near %s", p.peek())
		}
	}
	p.attributes()
	return t, nil
}

// decay turns an array or function into the pointer that a call passes.
func decay(t *ctype) *ctype {
	if t.kind == kindArray {
		return pointerTo(t.elem)
	}
	return pointerTo(t)
}

// attributes skips __attribute__((…)) and __asm__("…"), which change nothing
// that a script could see here.
func (p *parser) attributes() {
	for p.at("__attribute__") || p.at("__asm__") {
		p.next()
		if p.at("(") && p.skipParentheses() != nil {
			return
		}
	}
}
