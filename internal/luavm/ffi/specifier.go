package ffi

import (
	"fmt"
	"slices"
	"strings"
)

// namespace holds what ffi.cdef has declared in one Lua state.
type namespace struct {
	types     map[string]*ctype // typedefs and built-in names
	tags      map[string]*ctype // "struct x", "union y"
	functions map[string]*ctype
	constants map[string]int64
}

func newNamespace() *namespace {
	ns := &namespace{
		types:     map[string]*ctype{},
		tags:      map[string]*ctype{},
		functions: map[string]*ctype{},
		constants: map[string]int64{},
	}
	for bits := int64(8); bits <= 64; bits *= 2 {
		ns.add(integer(fmt.Sprintf("int%d_t", bits), bits/8, true))
		ns.add(integer(fmt.Sprintf("uint%d_t", bits), bits/8, false))
	}
	for _, name := range []string{"size_t", "uintptr_t"} {
		ns.add(integer(name, 8, false))
	}
	for _, name := range []string{"ssize_t", "intptr_t", "ptrdiff_t"} {
		ns.add(integer(name, 8, true))
	}
	return ns
}

func (ns *namespace) add(t *ctype) { ns.types[t.name] = t }

var (
	typeVoid   = &ctype{kind: kindVoid, name: "void", size: 1, align: 1}
	typeBool   = &ctype{kind: kindBool, name: "bool", size: 1, align: 1}
	typeChar   = &ctype{kind: kindInt, name: "char", size: 1, align: 1, signed: true, char: true}
	typeFloat  = &ctype{kind: kindFloat, name: "float", size: 4, align: 4}
	typeDouble = &ctype{kind: kindFloat, name: "double", size: 8, align: 8}
	typeInt    = integer("int", 4, true)
	typeInt64  = integer("int64_t", 8, true)
	typeUint64 = integer("uint64_t", 8, false)
)

// plain lists the built-in types by their words, sorted.
var plain = map[string]*ctype{
	"void": typeVoid, "bool": typeBool, "_Bool": typeBool, "char": typeChar,
	"float": typeFloat, "double": typeDouble,
	"char signed":        integer("signed char", 1, true),
	"char unsigned":      integer("unsigned char", 1, false),
	"short":              integer("short", 2, true),
	"unsigned":           integer("unsigned int", 4, false),
	"int":                typeInt,
	"long":               integer("long", 8, true),
	"long unsigned":      integer("unsigned long", 8, false),
	"long long":          integer("long long", 8, true),
	"short unsigned":     integer("unsigned short", 2, false),
	"long long unsigned": integer("unsigned long long", 8, false),
}

var typeWords = []string{"void", "bool", "_Bool", "char", "short", "int", "long", "float", "double", "signed", "unsigned"}

func (p *parser) qualifiers() {
	for {
		switch p.peek().text {
		case "const", "volatile", "restrict", "__restrict", "__restrict__", "__const":
			p.next()
		default:
			return
		}
	}
}

// specifiers reads what stands before the declarators: unsigned int,
// struct point {…}, size_t.
func (p *parser) specifiers() (*ctype, error) {
	p.qualifiers()
	defer p.qualifiers()
	switch t := p.peek(); {
	case t.kind != tokenName:
		return nil, fmt.Errorf("declaration or type expected near %s", t)
	case t.text == "struct" || t.text == "union":
		return p.record()
	case t.text == "enum":
		return p.enum()
	case slices.Contains(typeWords, t.text):
		return p.words()
	default:
		p.next()
		if known, ok := p.names.types[t.text]; ok {
			return known, nil
		}
		return nil, fmt.Errorf("undeclared or implicit type %q", t.text)
	}
}

// words reads the likes of "unsigned long int", in any order.
func (p *parser) words() (*ctype, error) {
	var words []string
	for slices.Contains(typeWords, p.peek().text) {
		words = append(words, p.next().text)
		p.qualifiers()
	}
	all := strings.Join(words, " ")
	if len(words) > 1 {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "int" })
	}
	if len(words) > 1 && !slices.Contains(words, "char") || len(words) == 1 && words[0] == "signed" {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "signed" })
	}
	if len(words) == 0 {
		words = []string{"int"}
	}
	slices.Sort(words)
	if t, ok := plain[strings.Join(words, " ")]; ok {
		return t, nil
	}
	return nil, fmt.Errorf("unknown C type %q", all)
}

// record reads struct or union, with or without tag and body.
func (p *parser) record() (*ctype, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	word := p.next().text
	p.attributes()
	t := &ctype{kind: kindRecord, name: word, union: word == "union", open: true}
	if p.peek().kind == tokenName {
		t.name = word + " " + p.next().text
		if known, ok := p.names.tags[t.name]; ok {
			t = known
		}
		p.names.tags[t.name] = t
	}
	if !p.accept("{") {
		if t.name == word {
			return nil, fmt.Errorf("name or \"{\" expected near %s", p.peek())
		}
		return t, nil
	}
	if !t.open {
		return nil, fmt.Errorf("attempt to redefine %q", t.name)
	}
	fields, err := p.fields()
	if err != nil {
		return nil, err
	}
	if p.at("__attribute__") {
		return nil, fmt.Errorf("attributes of %q: packed and aligned records are not supported by the embedded VM", t.name)
	}
	return t, t.layout(fields)
}

func (p *parser) fields() ([]field, error) {
	var out []field
	for !p.accept("}") {
		base, err := p.specifiers()
		if err != nil {
			return nil, err
		}
		if p.accept(";") {
			if base.kind == kindRecord {
				out = append(out, field{typ: base})
			}
			continue
		}
		for {
			name, t, err := p.declarator(base)
			switch {
			case err != nil:
				return nil, err
			case p.at(":"):
				return nil, fmt.Errorf("field %q: bit-fields are not supported by the embedded VM", name)
			case name == "":
				return nil, fmt.Errorf("field name expected near %s", p.peek())
			}
			out = append(out, field{name: name, typ: t})
			if p.accept(";") {
				break
			}
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// enum reads an enumeration: its names become constants of ffi.C, its type is
// an int.
func (p *parser) enum() (*ctype, error) {
	p.next()
	if p.peek().kind == tokenName {
		p.next()
	}
	if !p.accept("{") {
		return plain["unsigned"], nil
	}
	value := int64(0)
	for !p.accept("}") {
		name := p.next()
		if name.kind != tokenName {
			return nil, fmt.Errorf("name expected near %s", name)
		}
		if p.accept("=") {
			v, err := p.constant()
			if err != nil {
				return nil, err
			}
			value = v
		}
		p.names.constants[name.text] = value
		value++
		if !p.accept(",") && !p.at("}") {
			return nil, fmt.Errorf("\"}\" expected near %s", p.peek())
		}
	}
	return plain["unsigned"], nil
}
