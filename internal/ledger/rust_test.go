package ledger

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// A server in Rust is counted under the names that its authors gave: without
// generic arguments and hashes, below its crate, with its allocations.
func TestRustServer(t *testing.T) {
	r := recorder(t, 3)
	compiler, err := exec.LookPath("rustc")
	if err != nil {
		t.Skip("no Rust compiler on PATH")
	}
	program := filepath.Join(t.TempDir(), "server")
	if out, err := exec.Command(compiler, "-O", "-g", "--crate-name", "api", "-o", program, "../../testdata/ledger/server.rs").CombinedOutput(); err != nil {
		t.Skipf("rustc: %v\n%s", err, out)
	}
	all := bills(t, r, program)
	create, list := all["create"], all["list"]
	put, render := list.of(t, "api::store::Table::put"), list.of(t, "<api::store::Table as api::store::Render>::render")
	for _, f := range []Function{put, render} {
		if f.Module != "api" || f.Calls != list.Answers || f.Self <= 0 {
			t.Errorf("%+v of %d answers", f, list.Answers)
		}
	}
	for _, f := range create.Functions {
		if f.Name == put.Name && f.Self != 0 {
			t.Errorf("create has %+v", f)
		}
	}
	if create.SystemCalls() != 2*create.Answers || list.SystemCalls() != 2*list.Answers {
		t.Errorf("%d and %d system calls, for a read and a write of %d answers", create.SystemCalls(), list.SystemCalls(), list.Answers)
	}
	// Eight texts, a list of them, one that joins them, on top of what create asks for.
	if more := (list.Allocations() - create.Allocations()) / list.Answers; more < 9 || more > 14 {
		t.Errorf("list asks for %d allocations more", more)
	}
}
