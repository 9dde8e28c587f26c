package ledger

import "testing"

func TestNames(t *testing.T) {
	t.Parallel()
	const program = "/srv/api"
	for _, c := range []struct{ symbol, object, name, module string }{
		// Rust: one function, by both manglings.
		{"_ZN3api5store5Store3get17h0123456789abcdefE", program, "api::store::Store::get", "api"},
		{"_RNvMs_NtCs1234_3api5storeNtB4_5Store3get", program, "api::store::Store::get", "api"},
		{"_ZN3api4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE", program, "api::main::{{closure}}", "api"},
		{"_RNCNvCs1234_3api4main0", program, "api::main::{{closure}}", "api"},
		{"_ZN63_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..clone..Clone$GT$5clone17h0123456789abcdefE", program, "<alloc::vec::Vec as core::clone::Clone>::clone", "alloc"},
		{"_ZN42_$LT$str$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE", program, "<str as core::fmt::Display>::fmt", "core"},
		{"_ZN44_$LT$$RF$T$u20$as$u20$core..fmt..Display$GT$3fmt17h0123456789abcdefE", program, "<&T as core::fmt::Display>::fmt", "core"},
		// C++
		{"_ZN3app5StoreISsE3getEi", program, "app::Store::get", "app"},
		{"_ZNSt6vectorIiSaIiEE9push_backERKi", program, "std::vector::push_back", "std"},
		{"_Znwm", "/usr/lib/libstdc++.so.6", "operator new", "libstdc++"},
		// C, with what callgrind and linkers add
		{"main", program, "main", "program"},
		{"handle'2", program, "handle", "program"},
		{"read@@GLIBC_2.2.5", "/lib/x86_64-linux-gnu/libc.so.6", "read", "libc"},
		{"SSL_read", "/usr/lib/libssl-1.1.so", "SSL_read", "libssl"},
		{"copy.constprop.0", program, "copy", "program"},
		// without symbols
		{"0x000000000001ab70", "/lib64/ld-linux-x86-64.so.2", "[ld-linux-x86-64]", "ld-linux-x86-64"},
		{"???", "", "[program]", "program"},
	} {
		got := nameOf(c.symbol, c.object, program)
		if got.name != c.name || got.module != c.module {
			t.Errorf("%s: %q of %q, want %q of %q", c.symbol, got.name, got.module, c.name, c.module)
		}
	}
}

func TestAllocators(t *testing.T) {
	t.Parallel()
	for _, symbol := range []string{
		"malloc", "__libc_calloc", "realloc", "aligned_alloc", "posix_memalign", "_Znwm", "_Znam", "_ZnwmSt11align_val_t",
		"__rust_alloc", "_RNvCs1234_7___rustc12___rust_alloc", "_RNvCs1234_7___rustc19___rust_alloc_zeroed", "__rdl_realloc",
		"_rjem_malloc", "_rjem_mallocx", "mi_malloc_aligned", "tc_new",
	} {
		if f := nameOf(symbol, "/lib/libc.so.6", ""); !isAllocator(f) {
			t.Errorf("%s (%s) allocates", symbol, f.name)
		}
	}
	for _, symbol := range []string{"free", "_int_malloc", "mallopt", "__rust_dealloc", "_rjem_sdallocx", "allocate", "_ZdlPv"} {
		if f := nameOf(symbol, "/lib/libc.so.6", ""); isAllocator(f) {
			t.Errorf("%s (%s) does not allocate", symbol, f.name)
		}
	}
}
