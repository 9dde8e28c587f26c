package ledger

import (
	"path/filepath"
	"regexp"
	"strings"

	"taskbench/internal/profile"
)

// function names a function so that it is found again in another build, and in
// another server: without hashes, generic arguments and numbers of closures, and
// with what it belongs to.
type function struct {
	name   string
	module string // crate, namespace, class; of C the library, or "program"
}

// ownModule is what functions of the program belong to whose names say nothing.
const ownModule = "program"

var (
	// copied ends names of which callgrind or the linker made variants: main'2, read@@GLIBC_2.2.5.
	copied = regexp.MustCompile(`('\d+|@{1,2}[\w.]+)+$`)
	// numbered are closures and shims of Rust's newer mangling, which the older calls {{closure}}.
	numbered = regexp.MustCompile(`\{(closure|shim)(:[\w.]+)?#\d+\}`)
	// inherent is a method of a type by the newer mangling: <api::Store>::get, which is api::Store::get.
	inherent = regexp.MustCompile(`^<([\w:]+)>::`)
	// unnamed are functions of programs without symbols.
	unnamed = regexp.MustCompile(`^(0x[0-9a-f]+|\?\?\?)$`)
	// soname is what follows the name of a library: libc.so.6, libssl-1.1.so.
	soname = regexp.MustCompile(`(-\d+(\.\d+)+)?\.so[\d.]*$`)
)

// FunctionName is what ledgers call a function that another tool has demangled.
func FunctionName(name string) string { return nameOf(name, "", "").name }

// nameOf names a recorded symbol. program is the path of the server's program.
func nameOf(symbol, object, program string) function {
	symbol = copied.ReplaceAllString(symbol, "")
	if unnamed.MatchString(symbol) {
		at := objectModule(object, program)
		return function{"[" + at + "]", at}
	}
	name := withoutArguments(numbered.ReplaceAllString(profile.Name(symbol), "{{$1}}"))
	name = inherent.ReplaceAllString(name, "$1::")
	if path := pathModule(name); path != "" {
		return function{name, path}
	}
	return function{name, objectModule(object, program)}
}

// withoutArguments leaves out the generic arguments that Rust's older mangling has
// in names: <alloc::vec::Vec<T> as core::clone::Clone>::clone.
func withoutArguments(name string) string {
	var out []byte
	depth := 0
	for i := range len(name) {
		c := name[i]
		follows := i > 0 && (word(name[i-1]) || name[i-1] == ':')
		switch {
		case depth > 0 && c == '<', c == '<' && follows && !strings.HasSuffix(name[:i], "operator"):
			depth++
		case depth > 0 && c == '>' && name[i-1] != '-':
			depth--
		case depth == 0:
			out = append(out, c)
		}
	}
	if depth > 0 {
		return name // brackets that are no pairs: an operator's
	}
	return strings.ReplaceAll(string(out), "::::", "::")
}

func word(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func objectModule(object, program string) string {
	if object == "" || object == program {
		return ownModule
	}
	return soname.ReplaceAllString(filepath.Base(object), "")
}

var (
	// typeSigns stand before the path of a type.
	typeSigns = regexp.MustCompile(`^(<|&|\*|\[|\(|mut |const |dyn |impl |unsafe |extern )+`)
	segment   = regexp.MustCompile(`^[A-Za-z_]\w*`)
)

// pathModule is the first segment of a name's path: "sqlx" of
// "<sqlx::Pool as core::clone::Clone>::clone", and "core" where the type is a
// language's own: "<str as core::fmt::Display>::fmt". "" where it has none.
func pathModule(name string) string {
	for _, part := range strings.Split(name, " as ") {
		part = typeSigns.ReplaceAllString(part, "")
		if first := segment.FindString(part); first != "" && strings.HasPrefix(part[len(first):], "::") {
			return first
		}
	}
	return ""
}

// allocator are the functions by which programs ask for memory: of C and C++, of
// Rust, and of the allocators that take their place.
var allocator = regexp.MustCompile(`^((__libc_)?(malloc|calloc|realloc|memalign|valloc|pvalloc)|aligned_alloc|posix_memalign|reallocarray|operator new(\[\])?` +
	`|(__rustc::)?__(rust|rdl|rg)_(alloc|alloc_zeroed|realloc)` +
	`|(_rjem_|je_|_?mi_|tc_)(heap_)?(malloc|calloc|realloc|zalloc|rezalloc|recalloc|rallocx|xallocx|aligned_alloc|memalign|posix_memalign|valloc|new)\w*)$`)

func isAllocator(f function) bool { return allocator.MatchString(f.name) }
