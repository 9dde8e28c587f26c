package profile

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/ianlancetaylor/demangle"

	"taskbench/parse"
)

// Kernel is what perf calls the object of the kernel's own functions.
const Kernel = "[kernel.kallsyms]"

// Name is what people call a function, so that the same function of two builds,
// and of two tools, has the same name: Rust (both manglings) and C++ are
// demangled, without parameter lists, template arguments and the hash that
// Rust's older mangling ends in. Tools that demangle themselves do so in part;
// what they left is done here. Other symbols stay as they are.
func Name(symbol string) string {
	switch {
	case strings.HasPrefix(symbol, "_Z"), strings.HasPrefix(symbol, "__Z"):
		return demangle.Filter(symbol, bare...)
	case strings.HasPrefix(symbol, "_R"), strings.HasPrefix(symbol, "__R"):
		return emptyArguments.Replace(demangle.Filter(symbol, bare...))
	case rustEscape.MatchString(symbol):
		return demangle.Filter(mangledAgain(symbol), bare...)
	case cppArguments.MatchString(symbol):
		return bareCpp(symbol)
	}
	symbol, _, _ = strings.Cut(symbol, "@@") // the version of a shared symbol
	return rustHash.ReplaceAllString(clone.ReplaceAllString(symbol, ""), "")
}

// bare leaves out what tells instances of a function apart.
var bare = []demangle.Option{demangle.NoParams, demangle.NoTemplateParams, demangle.NoEnclosingParams}

// emptyArguments are left in names of Rust's newer mangling; the older has none.
var emptyArguments = strings.NewReplacer("::<>", "", "<>", "")

var (
	// rustHash ends names of Rust's older mangling.
	rustHash = regexp.MustCompile(`::h[0-9a-f]{16}$`)
	// rustEscape is in names of it that were demangled as if they were of C++.
	rustEscape = regexp.MustCompile(`\$(LT|GT|RF|BP|C|SP|LP|RP|u[0-9a-f]{1,6})\$`)
	// clone ends names of which a compiler made variants.
	clone = regexp.MustCompile(`(\.(llvm|cold|part|isra|constprop|lto_priv)(\.\w+)*| \[clone [^\]]*\])+$`)
)

// mangledAgain gives a name of Rust's older mangling its lengths back.
func mangledAgain(name string) string {
	name = clone.ReplaceAllString(name, "")
	if !rustHash.MatchString(name) {
		name += "::h0123456789abcdef" // any will do, but for one of equal digits
	}
	var out strings.Builder
	out.WriteString("_ZN")
	for part := range strings.SplitSeq(name, "::") {
		fmt.Fprintf(&out, "%d%s", len(part), part)
	}
	return out.String() + "E"
}

// frameName names a function on a stack; one without a symbol by its object: "[libc.so.6]".
func frameName(f parse.PerfFrame) string {
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

// library begins the names of what programs allocate through. Whoever looks
// for a place to mend looks for who called it.
var library = regexp.MustCompile(`^(<*(&|\*|mut |const |\[)*(std|core|alloc|hashbrown)::|<[&*\[\]\w ]+ as (<\[|(std|core|alloc|hashbrown)::)|__gnu_cxx::|__rust|__rdl|_M_|void std::|operator new|malloc|calloc|realloc|\[|` +
	`<impl (std|core|alloc)::|__GI_|_IO_|.* std::operator|std$)`)

// isLibrary tells a language's own functions, and those without a name.
func isLibrary(name string) bool { return library.MatchString(name) }
