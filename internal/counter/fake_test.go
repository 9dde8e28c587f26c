package counter

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// fake is a perf of which the machine, or the world, is not as it should be.
type fake struct {
	probe string             // what it prints of a run of its own, at 0.003 s
	last  string             // written to stderr before it ends with 1 instead of running
	line  func(i int) string // of interval i while it is attached; "" ends it with 1
	deaf  bool               // it does not hear an interrupt
}

const (
	works        = "839000,,instructions:u,3000000,100.00,,"
	notSupported = "<not supported>,,instructions:u,0,100.00,,"
	notCounted   = "<not counted>,,instructions:u,0,0.00,,"
)

func always(line string) func(int) string { return func(int) string { return line } }

// until prints a line in n intervals, and then another.
func until(n int, line, then string) func(int) string {
	return func(i int) string {
		if i < n {
			return line
		}
		return then
	}
}

// fakes by the name that the program is called under: links to the test's own
// binary.
var fakes = map[string]fake{
	"steady":       {probe: works, line: always("5000000,,instructions:u,20000000,100.00,,")},
	"multiplexed":  {probe: works, line: always("5000000,,instructions:u,10000000,50.00,,")},
	"starved":      {probe: works, line: func(i int) string { return []string{works, notCounted}[i%2] }},
	"idle":         {probe: works, line: always("<not counted>,,instructions:u,0,100.00,,")},
	"hybrid":       {probe: hybrid("40.00", "60.00"), line: always(hybrid("25.00", "75.00"))},
	"one of two":   {probe: "<not supported>,,cpu_atom/instructions/u,0,100.00,,\n@" + works},
	"no counters":  {probe: notSupported},
	"held":         {probe: notCounted},
	"mute":         {},
	"garbage":      {probe: "Segmentation fault"},
	"refused":      {last: "Error:\nAccess to performance monitoring and observability operations is limited.\n"},
	"other kernel": {last: "WARNING: perf not found for kernel 5.15.0-91\n\n  You may need to install the following packages\n"},
	"silent end":   {last: "\n"},

	"refused later":  {probe: works, line: always("")},
	"dies":           {probe: works, line: until(3, works, "")},
	"garbage later":  {probe: works, line: until(3, works, "perf: corrupted")},
	"runs backwards": {probe: works, line: until(3, works, "back")},
	"never begins":   {probe: works, line: always("wait")},
	"deaf":           {probe: works, line: always(works), deaf: true},
}

func hybrid(core, atom string) string {
	return "4000000,,cpu_core/instructions/u,9," + core + ",,\n@2000000,,cpu_atom/instructions/u,9," + atom + ",,"
}

func TestMain(m *testing.M) {
	if f, is := fakes[filepath.Base(os.Args[0])]; is {
		os.Exit(f.run(os.Args[1:]))
	}
	if len(os.Args) > 1 && os.Args[1] == workWord {
		work(os.Stdin, os.Stdout)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func (f fake) run(args []string) int {
	counts := os.NewFile(3, "counts")
	if f.last != "" {
		fmt.Fprint(os.Stderr, f.last)
		return 1
	}
	if slices.Contains(args, "--") {
		if f.probe != "" {
			print3(counts, 0.003, f.probe)
		}
		return 0
	}
	return f.attached(counts, args)
}

// print3 prints lines of one interval; @ stands for the time.
func print3(w io.Writer, at float64, lines string) {
	text := []byte(fmt.Sprintf("%14.9f,", at))
	for _, c := range []byte(lines) {
		if c == '@' {
			text = fmt.Appendf(text, "%14.9f,", at)
			continue
		}
		text = append(text, c)
	}
	w.Write(append(text, '\n')) // at once, as perf does
}

// attached prints four intervals, and half of one when it is interrupted. It
// tells the time of a machine on which perf is never late.
func (f fake) attached(counts io.Writer, args []string) int {
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	ms, err := strconv.Atoi(args[slices.Index(args, "-I")+1])
	if err != nil || !slices.Contains(args, "-p") || os.Getenv("LC_ALL") != "C" {
		fmt.Fprintln(os.Stderr, "called in a way that perf would not understand:", args, err)
		return 129
	}
	for i := range 4 {
		switch line := f.line(i); line {
		case "":
			fmt.Fprintln(os.Stderr, "Error:\nNo permission to enable instructions:u event.")
			return 1
		case "wait":
			time.Sleep(time.Minute)
		case "back":
			print3(counts, 0.001, works)
		default:
			print3(counts, float64((i+1)*ms)/1000, line)
		}
	}
	if f.deaf {
		time.Sleep(time.Minute)
	}
	<-interrupted
	print3(counts, 4.5*float64(ms)/1000, f.line(4))
	return 130
}

// linked gives a fake its name.
func linked(t *testing.T, name string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}
