package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"taskbench/internal/taskflow"
)

// The test binary runs itself as a server under test; what kind stands here.
const (
	fakeKind = "TASKBENCH_FAKE_TARGET"
	fakeAddr = "TASKBENCH_FAKE_ADDR"
	fakePIDs = "TASKBENCH_FAKE_PIDS" // file where a fake writes the pids of its children
)

func TestMain(m *testing.M) {
	kind := os.Getenv(fakeKind)
	if kind == "" {
		os.Exit(m.Run())
	}
	fake, ok := fakes[kind]
	if !ok {
		panic("no fake target " + kind)
	}
	fake()
}

var fakes = map[string]func(){
	"plain":     func() { answer(http.StatusOK) },
	"not found": func() { answer(http.StatusNotFound) },
	"busy":      func() { answer(http.StatusServiceUnavailable) },
	"late":      func() { time.Sleep(300 * time.Millisecond); answer(http.StatusOK) },
	"loud":      func() { fmt.Println("to stdout"); fmt.Fprintln(os.Stderr, "to stderr"); answer(http.StatusOK) },
	"dying":     die,
	"silent":    func() { os.Exit(0) },
	"deaf":      func() { signal.Ignore(syscall.SIGTERM); answer(http.StatusOK) },
	"forking":   fork,
	"leaving":   leave,
	"handing":   hand,
	"vanishing": vanish,
	"orphan": func() {
		for strconv.Itoa(os.Getppid()) == os.Args[1] {
			time.Sleep(time.Millisecond)
		}
		answer(http.StatusOK)
	},
	"parting": func() {
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, syscall.SIGTERM)
		go func() { <-asked; leave(); os.Exit(0) }()
		answer(http.StatusOK)
	},
	"burning":   func() { burn(300 * time.Millisecond); answer(http.StatusOK) },
	"reaping":   reap,
	"sleeping":  func() { time.Sleep(time.Hour) },
	"exiting":   func() { burn(300 * time.Millisecond) },
	"reference": reference0,
	"owner":     own,
	"careless": func() {
		signal.Ignore(syscall.SIGCHLD)
		go spawn(func() *exec.Cmd { return self("exiting") })
		answer(http.StatusOK)
	},
	"daemons":  func() { go spawn(daemon); answer(http.StatusOK) },
	"doubles":  double,
	"careful":  func() { go spawn(func() *exec.Cmd { return self("exiting") }); answer(http.StatusOK) },
	"changing": func() { fmt.Println(os.Getwd()); fmt.Println(os.Getenv("GREETING")); answer(http.StatusOK) },
}

// spawn starts one short-lived process after the other.
func spawn(child func() *exec.Cmd) {
	for {
		cmd := child()
		if cmd.Start() == nil {
			_ = cmd.Wait() // nobody may be there to be waited for
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// daemon starts a process whose parent ends at once.
func daemon() *exec.Cmd {
	of := self("exiting")
	cmd := exec.Command("sh", "-c", `"$0" & exit 0`, of.Path)
	cmd.Env = of.Env
	return cmd
}

// double forks twice for short-lived processes in sessions of their own, which
// are like the server in all else.
func double() {
	if len(os.Args) > 1 { // in between
		cmd := exec.Command(os.Args[0])
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		check(cmd.Start())
		return
	}
	if session, err := unix.Getsid(0); err != nil || session == os.Getpid() { // one of them, which never starts others
		time.Sleep(300 * time.Millisecond)
		return
	}
	l, err := net.Listen("tcp", os.Getenv(fakeAddr))
	check(err)
	go spawn(func() *exec.Cmd { return exec.Command(os.Args[0], "between") })
	check(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })))
}

func answer(status int) {
	err := http.ListenAndServe(os.Getenv(fakeAddr), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		fmt.Fprint(w, "hello")
	}))
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func die() {
	for i := range 30 {
		fmt.Println("line", i+1)
	}
	fmt.Fprintln(os.Stderr, "cannot connect to the database")
	os.Exit(3)
}

// fork starts a child in its group and one in a session of its own.
func fork() {
	file, err := os.Create(os.Getenv(fakePIDs))
	check(err)
	for _, session := range []bool{false, true} {
		cmd := self("sleeping")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: session}
		check(cmd.Start())
		fmt.Fprintln(file, cmd.Process.Pid)
	}
	check(file.Close())
	answer(http.StatusOK)
}

// leave leaves a process behind in a session of its own, as daemons do. It never
// answers: whether it did so before its parent has ended would be up to the machine.
func leave() {
	cmd := self("sleeping")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	check(cmd.Start())
	check(os.WriteFile(os.Getenv(fakePIDs), []byte(strconv.Itoa(cmd.Process.Pid)), 0o600))
}

// vanish leaves a server behind that has nothing of its own in its environment, and
// answers once its parent has ended.
func vanish() {
	cmd := exec.Command(os.Args[0], strconv.Itoa(os.Getpid()))
	cmd.Env = []string{fakeKind + "=orphan", fakeAddr + "=" + os.Getenv(fakeAddr)}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	check(cmd.Start())
	check(os.WriteFile(os.Getenv(fakePIDs), []byte(strconv.Itoa(cmd.Process.Pid)), 0o600))
}

// hand is a server that leaves another behind once it has answered itself.
func hand() {
	l, err := net.Listen("tcp", os.Getenv(fakeAddr))
	check(err)
	answered := make(chan bool, 1)
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answered <- true }))
	<-answered
	l.Close()
	time.Sleep(100 * time.Millisecond) // the answer is on its way
	leave()
}

// reap waits for a child that has used CPU time, then answers.
func reap() {
	check(self("exiting").Run())
	answer(http.StatusOK)
}

func self(kind string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fakeKind+"="+kind)
	return cmd
}

// burn uses CPU time, measured by its own clock and not by the wall's.
func burn(want time.Duration) {
	for used() < want {
		for i := 0; i < 1e5; i++ {
			_ = strconv.Itoa(i)
		}
	}
}

// used is the CPU time of this process by getrusage.
func used() time.Duration {
	var u syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func reference0() {
	listener, err := net.Listen("tcp", os.Getenv(fakeAddr))
	check(err)
	check(taskflow.Serve(context.Background(), taskflow.Config{Dialect: taskflow.Windjammer, ErrorRate: 0.5}, listener))
}

// own is a taskbench that opens a target and then hangs, until it is killed.
func own() {
	spec := fakeSpec("forking", os.Getenv(fakeAddr))
	spec.Env[fakePIDs] = os.Getenv(fakePIDs)
	server, err := Open(context.Background(), spec)
	check(err)
	fmt.Println(server.RootPID())
	time.Sleep(time.Hour)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// fakeSpec asks for a fake target on an address.
func fakeSpec(kind, addr string) Spec {
	return Spec{
		Name:  "fake",
		URL:   "http://" + addr,
		Start: strconv.Quote(os.Args[0]),
		Env:   map[string]string{fakeKind: kind, fakeAddr: addr},
	}
}

// freeAddr is an address nobody listens on.
func freeAddr(t *testing.T) string {
	t.Helper()
	port, err := FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}
