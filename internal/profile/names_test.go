package profile

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ianlancetaylor/demangle"

	"taskbench/parse"
)

func TestName(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"_RINvCs6GmmlP4bgsG_1r4burnNCNvB2_4main0EB2_":                              "r::burn",
		"_ZN1r4burn17h487f5ad673142ed4E":                                           "r::burn",
		"_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$17ha86af84d9cc65291E": "std::rt::lang_start::{{closure}}",
		"_RNCINvNtCsjrHSEGnQ3l9_3std2rt10lang_startuE0Cs6GmmlP4bgsG_1r":            "std::rt::lang_start::{closure#0}",
		"_RNvXs_NtCs1_5alloc3vecINtB4_3VechENtNtCs2_4core5clone5Clone5clone":       "<alloc::vec::Vec as core::clone::Clone>::clone",
		"_ZN3app5Store3putEi":                                       "app::Store::put",
		"_ZN3app5Store3putEi.part.0":                                "app::Store::put",
		"_ZN4core3ptr13drop_in_place17h0123456789abcdefE.llvm.1423": "core::ptr::drop_in_place",
		"core::fmt::write::h0123456789abcdef":                       "core::fmt::write",
		// As C++'s demangler leaves Rust's older mangling.
		"std::rt::lang_start::_$u7b$$u7b$closure$u7d$$u7d$::ha86af84d9cc65291":                                   "std::rt::lang_start::{{closure}}",
		"_$LT$T$u20$as$u20$alloc..string..ToString$GT$::to_string::hd80b142abd8c4b99":                            "<T as alloc::string::ToString>::to_string",
		"_$LT$axum..routing..route..Route$LT$E$GT$$u20$as$u20$tower_service..Service$LT$B$GT$$GT$::call":         "<axum::routing::route::Route<E> as tower_service::Service<B>>::call",
		"alloc::raw_vec::RawVec$LT$T$C$A$GT$::with_capacity_in::hb11618e3f134b57a":                               "alloc::raw_vec::RawVec<T,A>::with_capacity_in",
		"core::ptr::drop_in_place$LT$$RF$$u5b$u8$u5d$$GT$::h0123456789abcdef.llvm.98":                            "core::ptr::drop_in_place<&[u8]>",
		"core::ops::function::FnOnce::call_once$u7b$$u7b$vtable.shim$u7d$$u7d$::h0123456789abcdef":               "core::ops::function::FnOnce::call_once{{vtable.shim}}",
		"hyper::proto::h1::conn::Conn$LT$I$C$B$C$T$GT$::poll_read_head::h0123456789abcdef [clone .cold]":         "hyper::proto::h1::conn::Conn<I,B,T>::poll_read_head",
		"std::vector<int, std::allocator<int> >::push_back(int const&)":                                          "std::vector::push_back",
		"std::_Rb_tree_iterator<std::pair<int const, A> > std::_Rb_tree<int, A>::_M_insert_<A const&>(A const&)": "std::_Rb_tree::_M_insert_",
		"app::Conv::operator std::__cxx11::basic_string<char, std::char_traits<char> >() const":                  "app::Conv::operator std::__cxx11::basic_string",
		"__invoke_impl<void, main()::<lambda(int)>&, int>":                                                       "__invoke_impl",
		"operator()":                       "operator()",
		"std::ostream& operator<<(A)":      "operator<<",
		"bool operator< <int>(A<int>)":     "operator<",
		"void (*signal(int))(int)":         "void (*signal(int))(int)",
		"__libc_start_main@@GLIBC_2.34":    "__libc_start_main",
		"epoll_wait.cold":                  "epoll_wait",
		"net/http.(*conn).serve":           "net/http.(*conn).serve",
		"main.(*Store[go.shape.int]).Put":  "main.(*Store[go.shape.int]).Put",
		"slices.insertionSort[go.shape.0]": "slices.insertionSort[go.shape.0]",
		"do_syscall_64":                    "do_syscall_64",
		"_Zbroken":                         "_Zbroken",
		"":                                 "",
	}
	for symbol, want := range cases {
		if got := Name(symbol); got != want {
			t.Errorf("Name(%q) = %q, want %q", symbol, got, want)
		}
	}
}

// TestNameOfDemangled holds that a C++ function has one name, whether a tool
// has demangled it or not.
func TestNameOfDemangled(t *testing.T) {
	t.Parallel()
	for _, symbol := range strings.Fields(`
		_ZNSt6vectorIiSaIiEE9push_backERKi _ZN12_GLOBAL__N_13fooEi _ZZ4mainENKUliE_clEi _ZlsRSoRK3Foo _ZN3FoocvbEv _Znwm _Znam _ZdlPv
		_ZSt4moveIRiEONSt16remove_referenceIT_E4typeEOS2_ _ZNKSt8functionIFvvEEclEv _ZN1AltERKS_ _ZN1AssERKS_ _ZN1AgtERKS_ _ZN1AltIiEEbRKT_
		_ZN3fooB5cxx113barEv _ZN3fooC1ERKS_ _ZN3fooD0Ev _ZN3fooptEv _ZN3foopmEi _ZNK3FoocvSt8functionIFvvEEEv _ZNK3FoocvPKcEv _ZNK3FoocvmEv
		_ZN5boost4asio6detail9schedulerC2ERNS0_17execution_contextEib _ZZN3foo3barEvENKUlvE_clEv _ZZN3foo3barEiENKUlvE_clEv
		_ZN3foo3bazIXadL_ZNS_3barEvEEEEvv _ZN3foo3barILi3EEEvPFivE _ZNK3foo3barEi.part.0.isra.2 _ZN3foo3barEv.cold _ZNKR3foo3barEv
		_ZN12_GLOBAL__N_16Hidden4makeEi _ZNSt3mapIiSsSt4lessIiESaISt4pairIKiSsEEEixEOi`) {
		whole := demangle.Filter(symbol)
		if whole == symbol {
			t.Fatalf("%s is no symbol", symbol)
		}
		if got, want := Name(whole), Name(symbol); got != want {
			t.Errorf("Name(%q) = %q, want %q as for %s", whole, got, want, symbol)
		}
	}
}

// TestNamesOfHeaptrack reads what heaptrack wrote of a Rust program: what it
// demangled in part, and what it left mangled, has people's names.
func TestNamesOfHeaptrack(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../../testdata/heaptrack/rust_legacy.recording")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sum := newAllocations()
	if _, err := parse.ReadHeaptrack(file.Name(), file, parse.HeapWindow{To: time.Hour}, sum.add); err != nil {
		t.Fatal(err)
	}
	var folded strings.Builder
	if err := sum.trees[parse.HeapCalls].WriteFolded(&folded); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"$", "..", "::h0", "_R"} {
		if at := strings.Index(folded.String(), part); at >= 0 {
			t.Errorf("a name holds %q: %s", part, folded.String()[max(0, at-60):at+60])
		}
	}
	sites := map[string]uint64{}
	for _, s := range mostOf(sum.sites) {
		sites[s.Name] = s.Allocations
	}
	if sites["r::Store::put"] == 0 || !strings.Contains(folded.String(), ";<alloc::vec::Vec<A> as r::T>::f;") {
		t.Errorf("sites %v", sites)
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"_ZN1r4burn17h487f5ad673142ed4E", "a$LT$b::h0123456789abcdef", "std::vector<int>::operator[](int) const", "f(<{", "operator"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, symbol string) {
		if name := Name(symbol); name == "" && symbol != "" && !strings.HasPrefix(symbol, "@@") {
			t.Errorf("Name(%q) is empty", symbol)
		}
	})
}
