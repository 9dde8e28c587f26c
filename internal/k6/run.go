package k6

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/source"
	"taskbench/parse"
	"taskbench/wrk"
)

// Engine sends load with k6 processes on this machine.
type Engine struct {
	K6        Installation
	Processes int     // that share the virtual users; at least 1
	CPUs      [][]int // of each process, the logical CPUs it may run on; none: those of the load's options
}

// How long k6 takes to start: lead is between its start and the moment when virtual
// users begin. It grows with their number, as each has a JavaScript of its own, and
// where many others wait for a core.
const (
	lead        = 3 * time.Second
	leadPerUser = 10 * time.Millisecond
	longerFrom  = 4                // processes that want to run for each core
	longest     = 4                // times as long
	overtime    = 10 * time.Second // beyond what the script takes, before k6 is ended
	lookEvery   = 50 * time.Millisecond
)

// errOther ends processes of which another one failed.
var errOther = errors.New("another process of the same load failed")

// run is one load while it is sent.
type run struct {
	Engine
	o      wrk.Options
	users  int
	go_    time.Time
	config string

	cancel  context.CancelCauseFunc
	outputs []wrk.Output
	logs    []*Log
	errs    []error
}

// Generate sends one load as wrk.Run does, and hands over the same: the script is
// one for k6, its Connections are the virtual users of all processes together. There
// is a block only where every process and every virtual user told what it counted;
// else the error names the process.
func (e Engine) Generate(ctx context.Context, o wrk.Options) (wrk.Output, error) {
	r := &run{Engine: e, o: o, users: o.Connections}
	r.Processes = max(1, min(e.Processes, r.users)) // k6 runs no segment without virtual users
	if err := ctx.Err(); err != nil {
		return wrk.Output{}, interrupted(ctx)
	}
	if err := r.prepare(); err != nil {
		return wrk.Output{}, err
	}
	r.processes(ctx)
	out := r.output()
	if ctx.Err() != nil {
		return out, interrupted(ctx)
	}
	if err := r.failure(); err != nil {
		return out, err
	}
	block, err := Merge(r.logs)
	if err != nil {
		return out, err
	}
	out.Shares = r.shares()
	onThisClock(&block.Window)
	out.Block, err = json.Marshal(block)
	return out, err
}

// prepare sees to it that nothing of an earlier run, or of the user's own k6, has a
// say in this one.
func (r *run) prepare() error {
	this := machine.Describe()
	crowd := this.LoadBefore / float64(max(this.Cores, 1)) / longerFrom
	r.go_ = time.Now().Add(time.Duration(min(max(crowd, 1), longest) * float64(lead+time.Duration(r.users)*leadPerUser)))
	r.config = r.file("config.json")
	if err := os.WriteFile(r.config, []byte("{}"), 0o600); err != nil {
		return err
	}
	n := r.Processes
	r.outputs, r.logs, r.errs = make([]wrk.Output, n), make([]*Log, n), make([]error, n)
	return nil
}

// file is one beside the script.
func (r *run) file(name string) string {
	return strings.TrimSuffix(r.o.Script, filepath.Ext(r.o.Script)) + "." + name
}

func (r *run) log(i int) string { return r.file(fmt.Sprintf("%d.log", i+1)) }

// name is what messages call a process.
func (r *run) name(i int) string {
	if r.Processes == 1 {
		return "k6"
	}
	return fmt.Sprintf("k6 %d of %d", i+1, r.Processes)
}

// processes runs all of them, and ends the others when one fails.
func (r *run) processes(ctx context.Context) {
	ctx, r.cancel = context.WithCancelCause(ctx)
	defer r.cancel(nil)
	var all sync.WaitGroup
	for i := range r.Processes {
		all.Go(func() {
			if r.errs[i] = r.process(ctx, i); r.errs[i] != nil {
				r.cancel(errOther)
			}
		})
	}
	all.Wait()
}

// process runs one and reads what it left. It is ended as soon as all its virtual
// users have told: k6 would wait on until its schedule is over.
func (r *run) process(ctx context.Context, i int) error {
	log, err := os.Create(r.log(i))
	if err != nil {
		return source.WithHint(err, "k6 tells there what it counted: set TMPDIR to a folder that is writable")
	}
	defer log.Close()
	expected := usersOf(i+1, r.Processes, r.users)
	enough, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(enough)
		awaitTold(r.log(i), len(expected), over)
	}()
	out, err := wrk.Execute(ctx, wrk.Command{
		Name: r.name(i), Argv: append([]string{r.K6.Path}, r.arguments(i)...), Env: r.environment(os.Environ()), CPUs: r.cpus(i),
		Limit: time.Until(r.go_) + r.o.Duration + r.o.Linger + overtime, Stderr: log, Files: len(expected) + filesOfK6, Enough: enough,
	})
	close(over)
	r.outputs[i] = out
	if err != nil {
		return err
	}
	if out.Interrupted {
		return nil // what ended it is told of another one, or of the whole
	}
	if r.logs[i], err = readFile(r.name(i), r.log(i)); err != nil {
		return err
	}
	return judge(r.name(i), out, r.logs[i], expected)
}

func (r *run) cpus(i int) []int {
	if i < len(r.CPUs) && len(r.CPUs[i]) > 0 {
		return r.CPUs[i]
	}
	return r.o.CPUs
}

// filesOfK6 are the descriptors that k6 has open beside its connections.
const filesOfK6 = 64

// arguments are those of one process. None changes the script's own schedule.
func (r *run) arguments(i int) []string {
	args := []string{
		"run", "--quiet", "--no-color", "--no-usage-report", "--no-thresholds", "--address", "", "--config", r.config,
		"--log-format", "json", "--log-output", "stderr", // a file is written to at the end alone
	}
	return append(append(args, Segment(i, r.Processes)...), r.o.Script)
}

// Segment are the arguments by which one of n processes, from 0, has its part of the
// virtual users.
func Segment(i, n int) []string {
	if n == 1 {
		return nil
	}
	bounds := make([]string, n+1)
	for k := range bounds {
		bounds[k] = fmt.Sprintf("%d/%d", k, n)
	}
	bounds[0], bounds[n] = "0", "1"
	return []string{"--execution-segment", bounds[i] + ":" + bounds[i+1], "--execution-segment-sequence", strings.Join(bounds, ",")}
}

// environment is this process's without what would change k6's options, and with
// what the script reads. Servers are asked directly, as wrk asks them.
func (r *run) environment(base []string) []string {
	var env []string
	for _, variable := range base {
		if !strings.HasPrefix(variable, "K6_") && !strings.HasPrefix(variable, "TASKBENCH_") {
			env = append(env, variable)
		}
	}
	env = append(env, "NO_PROXY=*", "no_proxy=*", "K6_NO_SUMMARY=true", "K6_AUTO_EXTENSION_RESOLUTION=false",
		"TASKBENCH_GO="+strconv.FormatInt(r.go_.UnixMicro(), 10))
	for name, value := range r.o.Env {
		env = append(env, name+"="+value)
	}
	for name, value := range map[string]string{"TASKBENCH_URL": r.o.URL, "TASKBENCH_RUN": r.o.RunName, "TASKBENCH_SEED": seed(r.o.Seed)} {
		if value != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}

func seed(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// awaitTold returns when so many virtual users have told, or the process is over.
func awaitTold(path string, users int, over <-chan struct{}) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	seen, read := 0, int64(0)
	for seen < users {
		select {
		case <-over:
			return
		case <-look.C:
		}
		n, length := toldSince(path, read)
		seen, read = seen+n, read+length
	}
}

// toldSince counts the whole lines behind a place of a log in which a virtual user
// tells, and says how long those lines are.
func toldSince(path string, from int64) (n int, length int64) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() <= from {
		return 0, 0
	}
	text := make([]byte, info.Size()-from)
	got, _ := f.ReadAt(text, from)
	text = text[:bytes.LastIndexByte(text[:got], '\n')+1]
	for line := range bytes.Lines(text) {
		if told.Match(line) {
			n++
		}
	}
	return n, int64(len(text))
}

func readFile(name, path string) (*Log, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadLog(name, f)
}

// failure is the first of what went wrong by itself; nil when nothing did.
func (r *run) failure() error { return cmp.Or(r.errs...) }

// output is what all processes left together. Its time is that of the load: before,
// they wait for its beginning.
func (r *run) output() wrk.Output {
	all := wrk.Output{Argv: r.outputs[0].Argv, Started: r.go_}
	for _, out := range r.outputs {
		all.Warnings = append(all.Warnings, out.Warnings...)
		all.UserCPU, all.SystemCPU = all.UserCPU+out.UserCPU, all.SystemCPU+out.SystemCPU
		all.MaxResidentSize += out.MaxResidentSize
		all.Wall = max(all.Wall, out.Started.Add(out.Wall).Sub(r.go_))
		all.Interrupted, all.Overdue, all.Killed = all.Interrupted || out.Interrupted, all.Overdue || out.Overdue, all.Killed || out.Killed
	}
	return all
}

// shares is what each of several processes did. They are hosts' processes on this
// machine, and have their names.
func (r *run) shares() (list []wrk.Share) {
	if r.Processes == 1 {
		return nil
	}
	first := math.Inf(1)
	for _, l := range r.logs {
		first = min(first, l.opened())
	}
	for i, l := range r.logs {
		s := wrk.Share{Host: fmt.Sprintf("local %d", i+1), Place: i + 1, Users: len(l.Told), Behind: microseconds(l.opened() - first), CPU: r.outputs[i].CPU()}
		for _, t := range l.Told {
			for _, step := range t.Block.Steps {
				s.Answers += step.Answers
			}
		}
		list = append(list, s)
	}
	return list
}

// opened is when the window of a log's first virtual user did, in µs since 1970.
func (l *Log) opened() float64 {
	first := math.Inf(1)
	for _, t := range l.Told {
		first = min(first, t.Block.Window.OpenedUnixUS)
	}
	return first
}

func microseconds(us float64) time.Duration { return time.Duration(us * float64(time.Microsecond)) }

// onThisClock says when a window opened on the clock of what is measured beside it.
func onThisClock(w *parse.Window) {
	if w.OpenedUnixUS > 0 {
		w.OpenedUS = machine.NowUS() - (float64(time.Now().UnixNano())/1e3 - w.OpenedUnixUS)
	}
}

// interrupted is the error of a load that ctx ended.
func interrupted(ctx context.Context) error {
	cause := context.Cause(ctx)
	return &source.Error{Message: "interrupted before k6 had a result: " + cause.Error(), Hint: "run it again; nothing was measured", Err: cause}
}
