package ffi

import (
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	m := &Memory{Limit: 100}
	a, errA := m.Alloc(10)
	b, errB := m.Alloc(30)
	if errA != nil || errB != nil || a%maxAlign != 0 || b%maxAlign != 0 || b < a+10+guardBytes {
		t.Fatalf("addresses %x, %x; %v, %v", a, b, errA, errB)
	}
	for _, c := range []struct {
		name string
		at   uint64
		n    int64
		ok   bool
	}{
		{"all", a, 10, true}, {"end", a + 10, 0, true}, {"tail", b + 29, 1, true},
		{"one too many", a, 11, false}, {"before", a - 1, 1, false}, {"between", a + 10, 1, false},
		{"NULL", 0, 0, false}, {"negative", a, -1, false}, {"huge", a + 1, 1 << 62, false}, {"last address", ^uint64(0), 1, false},
	} {
		if got, err := m.Bytes(c.at, c.n); (err == nil) != c.ok || c.ok && int64(len(got)) != c.n {
			t.Errorf("%s: %d bytes, %v", c.name, len(got), err)
		}
	}
	if _, err := m.Alloc(61); err == nil {
		t.Error("limit not kept")
	}
	if m.Free(a+1) == nil || m.Free(0) != nil || m.Free(a) != nil || m.Free(a) == nil {
		t.Error("free accepts what it should not, or the reverse")
	}
	if _, err := m.Bytes(a, 1); err == nil {
		t.Error("freed object is still there")
	}
	if _, err := m.Alloc(70); err != nil {
		t.Errorf("freed bytes not given back: %v", err)
	}
}

func TestCString(t *testing.T) {
	t.Parallel()
	m := &Memory{}
	at, err := m.NewString("wrk\x00x")
	if err != nil {
		t.Fatal(err)
	}
	if s, err := m.CString(at); s != "wrk" || err != nil {
		t.Errorf("%q, %v", s, err)
	}
	b, _ := m.Bytes(at, 6)
	copy(b, "abcdef")
	if s, err := m.CString(at + 1); err == nil {
		t.Errorf("string without an end read as %q", s)
	}
}

// TestScalarsRoundTrip: what is stored in a field is read back, cut to its type.
func TestScalarsRoundTrip(t *testing.T) {
	t.Parallel()
	ns := newNamespace()
	lib := &library{memory: &Memory{}, names: ns}
	for name, cases := range map[string]map[float64]float64{
		"int8_t":   {-128: -128, 127: 127, 200: -56, 3.9: 3},
		"uint8_t":  {255: 255, 256: 0, -1: 255},
		"int16_t":  {40000: -25536},
		"uint32_t": {4294967295: 4294967295, -1: 4294967295},
		"int64_t":  {-9007199254740992: -9007199254740992},
		"uint64_t": {9007199254740992: 9007199254740992},
		"float":    {0.5: 0.5, 0.1: 0.10000000149011612},
		"double":   {0.1: 0.1, -1e300: -1e300},
		"size_t":   {12: 12},
	} {
		typ, err := ns.parse(name)
		if err != nil {
			t.Fatal(err)
		}
		at, _ := lib.memory.Alloc(typ.size)
		for in, want := range cases {
			if err := lib.store(typ, at, lua.LNumber(in)); err != nil {
				t.Fatal(err)
			}
			v, err := lib.load(typ, at)
			if got, ok := Number(v); err != nil || !ok || got != want {
				t.Errorf("%s: %v read back as %v, want %v", name, in, got, want)
			}
		}
	}
}

func TestDeclarationErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ src, want string }{
		{"struct a { int x; };\nstruct a { int x; };", "line 2: attempt to redefine \"struct a\""},
		{"struct b { struct nope x; };", "field \"x\" of \"struct b\" has an unknown size"},
		{"struct c { int x : 3; };", "bit-fields are not supported"},
		{"struct d { int x; } __attribute__((packed));", "packed and aligned records are not supported"},
		{"int variable;", "\"variable\" is a variable"},
		{"typedef unknown t;", "undeclared or implicit type \"unknown\""},
		{"typedef char t[1 / 0];", "division by zero"},
		{"typedef char t[-1];", "array of -1 elements"},
		{"typedef int t[4000000000][4000000000];", "too large"},
		{"typedef int t", "\";\" expected near end of text"},
		{"/* ", "comment has no end"},
		{"int f(@);", "unexpected character '@'"},
		{"typedef " + strings.Repeat("(*", 200) + "t", "expected"},
		{strings.Repeat("struct {", 200), "nested more than 100 levels deep"},
		{"enum { A = B };", "integer constant expected near \"B\""},
	} {
		if err := newNamespace().declare(c.src); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s: %v, want %q", c.src, err, c.want)
		}
	}
}

func TestTypeNames(t *testing.T) {
	t.Parallel()
	ns := newNamespace()
	if err := ns.declare("struct s { int x; }; typedef struct s *ref;"); err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"const unsigned long int": "unsigned long", "char unsigned": "unsigned char", "struct s*[3]": "struct s *[3]",
		"int (*)[4]": "int (*)[4]", "ref": "struct s *", "void *": "void *", "double[?]": "double [?]", "int[2][3]": "int [2][3]",
	} {
		typ, err := ns.parse(in)
		if err != nil || typ.String() != want {
			t.Errorf("%q: %v, %v; want %q", in, typ, err, want)
		}
	}
}
