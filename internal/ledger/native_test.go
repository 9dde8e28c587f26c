package ledger

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/internal/shell"
	"taskbench/scenarios"
)

// need skips a test without valgrind, but not in CI.
func need(t testing.TB) Valgrind {
	t.Helper()
	v, err := Find(t.Context())
	if err == nil {
		return v
	}
	if os.Getenv("CI") == "" {
		t.Skip(err)
	}
	t.Fatal(err)
	return v
}

// native compiles the small server whose answers cost what its arguments say.
func native(t testing.TB) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler on PATH")
	}
	path := filepath.Join(t.TempDir(), "server")
	if out, err := exec.Command(cc, "-O1", "-g", "-o", path, "../../testdata/ledger/server.c").CombinedOutput(); err != nil {
		t.Skipf("cc: %v\n%s", err, out)
	}
	return path
}

func spec(t testing.TB, program string, arguments ...string) server.Spec {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	start := shell.Quote(program) + " " + port
	for _, a := range arguments {
		start += " " + shell.Quote(a)
	}
	return server.Spec{Name: "native", URL: "http://127.0.0.1:" + port, Start: start}
}

const twoSteps = `
name: two
flow:
  - {name: create, request: GET /create, expect: {status: 200}}
  - {name: list, request: GET /list, expect: {status: 200}}
`

func scenario(t testing.TB, text string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.OfText("two", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func recorder(t testing.TB, users int) *Recorder {
	return &Recorder{Valgrind: need(t), Users: users, Dir: t.TempDir(), Cores: machine.CPUs()}
}

func bills(t *testing.T, r *Recorder, program string, extra ...string) map[string]*Bill {
	t.Helper()
	list, err := r.Record(t.Context(), spec(t, program, extra...), scenario(t, twoSteps), 1)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*Bill{}
	for _, b := range list {
		all[b.Step] = b.Bill
	}
	return all
}

func (b *Bill) of(t *testing.T, name string) Function {
	t.Helper()
	for _, f := range b.Functions {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no function %s", name)
	return Function{}
}

// What is added to one function for one step is found there, in the same number,
// and nowhere else; and what two equal servers cost is equal.
func TestAddedCost(t *testing.T) {
	program, r := native(t), recorder(t, 5)
	plain, more := bills(t, r, program), bills(t, r, program, "create:store:10000", "list:remember:7", "list:look:2", "list:tell:4")
	for _, step := range []string{"create", "list"} {
		p, m := plain[step], more[step]
		if p.Answers != 10 || p.ReceivedBytes != 10*82 || p.SentBytes != m.SentBytes {
			t.Errorf("%s: %d answers of %d bytes to requests of %d and %d", step, p.Answers, p.ReceivedBytes, p.SentBytes, m.SentBytes)
		}
		for _, f := range p.Functions {
			added := m.of(t, f.Name).Self - f.Self
			switch at := step + " " + f.Name; at {
			case "create store":
				if added != 10*10000 {
					t.Errorf("%s: %d", at, added)
				}
			case "list remember", "list look", "list getppid", "list malloc", "list free", "list _int_free", "list tell", "list clock_gettime", "list clock_gettime@@GLIBC_2.17":
				if added <= 0 {
					t.Errorf("%s: %d", at, added)
				}
			default:
				if added != 0 {
					t.Errorf("%s: %d instructions more", at, added)
				}
			}
		}
	}
	create, list := [2]*Bill{plain["create"], more["create"]}, [2]*Bill{plain["list"], more["list"]}
	if d := create[1].Instructions() - create[0].Instructions(); d != 10*10000 {
		t.Errorf("create costs %d more", d)
	}
	if a, c := list[1].Allocations()-list[0].Allocations(), list[1].SystemCalls()-list[0].SystemCalls(); a != 10*7 || c != 10*2 {
		t.Errorf("list: %d allocations and %d system calls more", a, c)
	}
	if list[0].Allocations() != 10*20 || list[0].of(t, "remember").Allocations != 10*20 || list[0].SystemCalls() != 10*(3+3) {
		t.Errorf("list: %d allocations, %d system calls", list[0].Allocations(), list[0].SystemCalls())
	}
	if answer := create[0].of(t, "answer"); answer.Inclusive < create[0].Instructions()*99/100 || answer.Module != ownModule {
		t.Errorf("%+v of %d", answer, create[0].Instructions())
	}
}

// Workers that are forked at the start are counted, whichever of them answers.
func TestPreforked(t *testing.T) {
	program, r := native(t), recorder(t, 2)
	for step, b := range bills(t, r, program, "prefork") {
		if store := b.of(t, "store"); store.Calls != b.Answers || store.Self < 40000*b.Answers || b.SystemCalls() < 5*b.Answers {
			t.Errorf("%s: %+v of %d answers, %d system calls", step, store, b.Answers, b.SystemCalls())
		}
	}
}

// A server that forks for an answer is refused, and one that ends says how: nothing is
// counted of either.
func TestNotCounted(t *testing.T) {
	program, r := native(t), recorder(t, 2)
	for mode, want := range map[string]string{
		"forks": "forks, or ends, processes while it answers",
		"exits": "virtual user 5: step list: the server closed the connection without an answer: the server ended (exit status 7)\nthe end of what it wrote:\nout of luck",
	} {
		_, err := r.Record(t.Context(), spec(t, program, mode), scenario(t, twoSteps), 1)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", mode, err)
		}
	}
	_, err := r.Record(t.Context(), spec(t, program), scenario(t, strings.Replace(twoSteps, "status: 200", "status: 201", 1)), 1)
	if err == nil || !strings.Contains(err.Error(), `virtual user 1: step create got status 200, not as expected (status): {"ok":true}`) {
		t.Error(err)
	}
}
