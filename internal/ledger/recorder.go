package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskbench/internal/callgrind"
	"taskbench/internal/check"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/scenarios"
)

// times is how many times more users the second size has.
const times = 3

// Recorder records what answers cost.
type Recorder struct {
	Valgrind Valgrind
	Users    int    // of the smaller size; the larger is three times as many
	Dir      string // where recordings lie until they are read
	Cores    []int  // that servers may run on
}

// Countable is an error for a scenario whose virtual users do not all send the same
// steps: what one step costs is told by having all of them send it.
func Countable(s *scenarios.Scenario) error {
	for i := range s.Steps {
		if !s.Steps[i].Sure() {
			return source.WithHint(fmt.Errorf("%s: step %s is not sent in every iteration (if, for_each), so what a step costs cannot be counted", s.Name, s.Steps[i].Name),
				"take the condition out, or use taskbench cpu, which samples whatever is sent")
		}
	}
	return nil
}

// StepBill is what the answers of one step cost.
type StepBill struct {
	Step string
	*Bill
}

// Record starts a target anew, has its users go through the scenario, and gives
// what each step cost, in the order of the steps. Setup is not counted, nor is one
// iteration of the smaller number of users, in which what happens once has happened.
func (r *Recorder) Record(ctx context.Context, spec server.Spec, s *scenarios.Scenario, seed int64) ([]StepBill, error) {
	folder, err := os.MkdirTemp(r.Dir, "callgrind-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	wrapped, err := r.Valgrind.Wrap(spec, folder, r.Cores)
	if err != nil {
		return nil, err
	}
	running, err := server.Open(ctx, wrapped)
	if err != nil {
		return nil, explain(err)
	}
	defer running.Stop(context.WithoutCancel(ctx))
	users, err := check.NewQueue(ctx, s, spec, times*r.Users, seed)
	if err != nil {
		return nil, err
	}
	defer users.Close()
	one := &recording{Recorder: r, ctx: ctx, server: running, folder: folder, users: users, steps: s.For(spec.Name).Steps, program: programPath(spec)}
	bills, err := one.record()
	if err != nil && ctx.Err() == nil {
		if last := running.LogTail(8); strings.Contains(last, unknownInstruction) {
			err = explain(fmt.Errorf("%w\nthe end of what it wrote:\n%s", err, last))
		}
	}
	return bills, err
}

// programPath is what recordings call the object of the server's own functions.
func programPath(spec server.Spec) string {
	words, err := program(spec)
	if err != nil {
		return ""
	}
	path, err := server.Locate(words[0], spec.Dir)
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if path, err = filepath.Abs(path); err != nil {
		return ""
	}
	return path
}

// recording is one server that is being recorded.
type recording struct {
	*Recorder
	ctx     context.Context // of one Record, which it does not outlive
	server  *server.Server
	folder  string
	users   *check.Queue
	steps   []scenarios.Step
	program string
	pids    []int // that count
}

func (r *recording) record() ([]StepBill, error) {
	if err := r.begin(); err != nil {
		return nil, err
	}
	for range r.steps {
		if _, err := r.all(r.Users); err != nil {
			return nil, err
		}
	}
	if _, err := r.dump(); err != nil { // from here on
		return nil, err
	}
	bills := make([]StepBill, len(r.steps))
	for i, s := range r.steps {
		bills[i] = StepBill{s.Name, newBill()}
	}
	for _, size := range []struct {
		users int
		sign  int64
	}{{r.Users, -1}, {times * r.Users, 1}} {
		for i := range r.steps {
			if err := r.count(bills[i].Bill, size.users, size.sign); err != nil {
				return nil, err
			}
		}
	}
	for _, b := range bills {
		b.close()
	}
	return bills, nil
}

// begin has the processes that there are count from here on.
func (r *recording) begin() error {
	for _, path := range r.ended() { // while the server started
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	for again := 0; again < 20; again++ { // until forked workers are all there
		now := recorded(r.server, r.folder)
		if !slices.Equal(now, r.pids) {
			r.pids, again = now, 0
		}
		time.Sleep(20 * time.Millisecond)
	}
	return r.Valgrind.control(r.ctx, r.server, r.folder, r.pids, "instrumentation", "on")
}

// ended are the last recordings of processes that ended: out.PID, without a number
// behind it. It is there from the start, and empty.
func (r *recording) ended() (paths []string) {
	all, _ := filepath.Glob(filepath.Join(r.folder, "out.*")) // the pattern is right
	for _, path := range all {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 && strings.Count(filepath.Base(path), ".") == 1 {
			paths = append(paths, path)
		}
	}
	return paths
}

// sameFamily is an error where other processes are there than those that began to
// count: valgrind gives a process that is forked all that its parent has counted
// since the last dump, and does not say how much that was.
func (r *recording) sameFamily() error {
	if now := recorded(r.server, r.folder); len(r.ended()) > 0 || !slices.Equal(now, r.pids) {
		return source.WithHint(errors.New("the server forks, or ends, processes while it answers: valgrind cannot tell what they cost from what their parent did"),
			"have it answer from processes that it keeps (workers that it forks when it starts are counted), or from threads; taskbench cpu samples all of them")
	}
	return nil
}

// all has the first users send their next request, one after the other, each when
// the server has done with the one before. answers are how many there were.
func (r *recording) all(users int) (answers int, err error) {
	for user := range users {
		if err := r.ctx.Err(); err != nil {
			return answers, err
		}
		_, n, err := r.users.Next(user)
		if err != nil {
			return answers, r.told(user, err)
		}
		answers += n
		if err := settle(r.ctx, r.pids); err != nil {
			return answers, err
		}
	}
	return answers, nil
}

// told says whose request failed, and what became of the server.
func (r *recording) told(user int, err error) error {
	err = fmt.Errorf("virtual user %d: %w", user+1, err)
	how, last := r.server.Died(8)
	if how == "" {
		return err
	}
	if last = ownWords(last); last != "" {
		return fmt.Errorf("%w: the server ended (%s)\nthe end of what it wrote:\n%s", err, how, last)
	}
	return fmt.Errorf("%w: the server ended (%s), and wrote nothing", err, how)
}

// ownWords are a server's last lines without those that valgrind wrote between them.
func ownWords(text string) string {
	lines := slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool { return strings.HasPrefix(line, "==") })
	return strings.Join(lines, "\n")
}

// count adds one step of so many users to a bill, or takes it away.
func (r *recording) count(b *Bill, users int, sign int64) error {
	sentBefore, receivedBefore := r.users.Traffic()
	answers, err := r.all(users)
	if err != nil {
		return err
	}
	sent, received := r.users.Traffic()
	b.Answers += sign * int64(answers)
	b.SentBytes += sign * (sent - sentBefore)
	b.ReceivedBytes += sign * (received - receivedBefore)
	recordings, err := r.dump()
	for _, one := range recordings {
		b.add(one, r.program, sign)
	}
	return err
}

// dump has callgrind write what every process cost since the last dump, and
// begin anew. (Its command zero leaves system calls as they were.)
func (r *recording) dump() ([]*callgrind.Recording, error) {
	if err := r.sameFamily(); err != nil {
		return nil, err
	}
	if err := r.Valgrind.control(r.ctx, r.server, r.folder, r.pids, "dump"); err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(r.folder, "out.*.*"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, errors.New("callgrind wrote no recording")
	}
	var list []*callgrind.Recording
	for _, path := range paths {
		one, err := read(path)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// read reads a recording, and removes it.
func read(path string) (*callgrind.Recording, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer os.Remove(path)
	defer file.Close()
	return callgrind.Read(path, file)
}
