package profile

import (
	"path/filepath"
	"regexp"
	"strings"

	"github.com/ianlancetaylor/demangle"

	"taskbench/parse"
)

// Kernel is what perf calls the object of the kernel's own functions.
const Kernel = "[kernel.kallsyms]"

// Name is what people call a function, so that the same function of two builds
// has the same name: Rust (both manglings) and C++ are demangled, without
// parameter lists, template arguments and the hash that Rust's older mangling
// ends in. Other symbols stay as they are.
func Name(symbol string) string {
	switch {
	case strings.HasPrefix(symbol, "_Z"), strings.HasPrefix(symbol, "__Z"):
		return demangle.Filter(symbol, bare...)
	case strings.HasPrefix(symbol, "_R"), strings.HasPrefix(symbol, "__R"):
		return emptyArguments.Replace(demangle.Filter(symbol, bare...))
	}
	symbol, _, _ = strings.Cut(symbol, "@@") // the version of a shared symbol
	return rustHash.ReplaceAllString(symbol, "")
}

// bare leaves out what tells instances of a function apart.
var bare = []demangle.Option{demangle.NoParams, demangle.NoTemplateParams, demangle.NoEnclosingParams}

// emptyArguments are left in names of Rust's newer mangling; the older has none.
var emptyArguments = strings.NewReplacer("::<>", "", "<>", "")

// rustHash ends names of Rust's older mangling that a tool has demangled but
// for the hash.
var rustHash = regexp.MustCompile(`::h[0-9a-f]{16}$`)

// perfName names a function of perf; one without a symbol by its object: "[libc.so.6]".
func perfName(f parse.PerfFrame) string {
	switch {
	case f.Symbol != "":
		return Name(f.Symbol)
	case f.Object == "":
		return unknown
	case f.Object == Kernel:
		return "[kernel]"
	}
	return "[" + filepath.Base(strings.Trim(f.Object, "[]")) + "]"
}

const unknown = "[unknown]"

// heapName names a function of heaptrack. An address without a symbol says
// nothing that would hold in the next run.
func heapName(f parse.PerfFrame) string {
	if strings.HasPrefix(f.Symbol, "0x") || strings.HasPrefix(f.Symbol, "<unresolved") {
		return perfName(parse.PerfFrame{Object: f.Object})
	}
	return Name(f.Symbol)
}

// library begins the names of what programs allocate through. Whoever looks
// for a place to mend looks for who called it.
var library = regexp.MustCompile(`^(std::|core::|alloc::|hashbrown::|<*(std|core|alloc|hashbrown)::|__gnu_cxx::|__rust|__rdl|_M_|void std::|operator new|malloc|calloc|realloc|\[|` +
	`<impl (std|core|alloc)::|__GI_|_IO_|.* std::operator|std$)`)

// isLibrary tells a language's own functions, and those without a name.
func isLibrary(name string) bool { return library.MatchString(name) }
