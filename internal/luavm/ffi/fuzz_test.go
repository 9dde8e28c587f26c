package ffi

import "testing"

// FuzzCdef: no declarations make the parser panic, and what it accepts has a
// size that its alignment divides.
func FuzzCdef(f *testing.F) {
	for _, seed := range []string{
		"typedef struct { uint8_t tag; union { int a; float b; }; char name[4*3]; } t;",
		"struct a { struct a *next; struct { int x[2][3]; } y; }; int f(int, ...); enum { A = 1 << 3, B };",
		"typedef int (*cb)(const char *, void *(*)(int)); static const int N = -(3 % 2);",
		"/* */ // \n #define x\n typedef unsigned long long int u64; struct s;",
		"struct {", "int [", "typedef (((", "struct x { int a : 3; };", "typedef int t[99999999999];",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		ns := newNamespace()
		if ns.declare(src) != nil {
			return
		}
		for name, typ := range ns.types {
			if !typ.open && typ.align > 0 && typ.size%typ.align != 0 {
				t.Errorf("%s: size %d, alignment %d", name, typ.size, typ.align)
			}
			_, _ = ns.parse(name + "[?]")
		}
	})
}
