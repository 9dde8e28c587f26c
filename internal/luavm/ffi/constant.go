package ffi

import "fmt"

// Binary operators by how tightly they bind; C's order.
var precedence = map[string]int{"|": 1, "&": 2, "<<": 3, ">>": 3, "+": 4, "-": 4, "*": 5, "/": 5, "%": 5}

// constant reads an integer expression: array sizes, enum values.
func (p *parser) constant() (int64, error) { return p.binary(1) }

func (p *parser) binary(least int) (int64, error) {
	if err := p.enter(); err != nil {
		return 0, err
	}
	defer func() { p.depth-- }()
	left, err := p.unary()
	for err == nil {
		op := p.peek()
		level := precedence[op.text]
		if op.kind != tokenPunct || level < least {
			return left, nil
		}
		p.next()
		var right int64
		if right, err = p.binary(level + 1); err == nil {
			left, err = calculate(op.text, left, right)
		}
	}
	return 0, err
}

func (p *parser) unary() (int64, error) {
	if err := p.enter(); err != nil {
		return 0, err
	}
	defer func() { p.depth-- }()
	switch t := p.next(); {
	case t.kind == tokenNumber:
		return t.num, nil
	case t.text == "-":
		v, err := p.unary()
		return -v, err
	case t.text == "~":
		v, err := p.unary()
		return ^v, err
	case t.text == "(":
		v, err := p.constant()
		if err != nil {
			return 0, err
		}
		return v, p.expect(")")
	case t.text == "sizeof":
		return p.sizeOf()
	default:
		if v, ok := p.names.constants[t.text]; ok {
			return v, nil
		}
		return 0, fmt.Errorf("integer constant expected near %s", t)
	}
}

func (p *parser) sizeOf() (int64, error) {
	if err := p.expect("("); err != nil {
		return 0, err
	}
	base, err := p.specifiers()
	if err != nil {
		return 0, err
	}
	_, t, err := p.declarator(base)
	if err != nil {
		return 0, err
	}
	if t.open || t.unsized() {
		return 0, fmt.Errorf("size of C type %q is unknown", t)
	}
	return t.size, p.expect(")")
}

func calculate(op string, a, b int64) (int64, error) {
	switch op {
	case "|":
		return a | b, nil
	case "&":
		return a & b, nil
	case "<<":
		return a << (uint64(b) & 63), nil
	case ">>":
		return a >> (uint64(b) & 63), nil
	case "+":
		return a + b, nil
	case "-":
		return a - b, nil
	case "*":
		return a * b, nil
	}
	if b == 0 {
		return 0, fmt.Errorf("division by zero in a constant")
	}
	if op == "/" {
		return a / b, nil
	}
	return a % b, nil
}
