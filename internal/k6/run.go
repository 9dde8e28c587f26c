package k6

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/source"
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
	begins time.Time
	config string

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
	block, warnings, err := Merge(r.logs)
	if err != nil {
		return out, err
	}
	out.Warnings = append(out.Warnings, warnings...)
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
	r.begins = time.Now().Add(time.Duration(min(max(crowd, 1), longest) * float64(lead+time.Duration(r.users)*leadPerUser)))
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
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for i := range r.Processes {
		all.Go(func() {
			if r.errs[i] = r.process(ctx, i); r.errs[i] != nil {
				cancel(errOther)
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
		Limit: time.Until(r.begins) + r.o.Duration + r.o.Linger + overtime, Stderr: log, Files: len(expected) + filesOfK6, Enough: enough,
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
		"TASKBENCH_GO="+strconv.FormatInt(r.begins.UnixMicro(), 10))
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

// failure is the first of what went wrong by itself; nil when nothing did.
func (r *run) failure() error { return cmp.Or(r.errs...) }
