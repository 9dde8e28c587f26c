package hosts

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"taskbench/internal/shell"
	"taskbench/internal/source"
	"taskbench/wrk"
)

// What is brought home of a run, in bytes at most.
const (
	mostText = 16 << 20
	mostFile = 256 << 20
)

// Names of what is in a host's folder.
const (
	scriptFile = "script.lua"
	usersFile  = "users"
	blockFile  = "block.json"
	goFile     = "go"
)

// usersVariable names the file of what a setup left behind.
const usersVariable = "TASKBENCH_USERS"

// prepare copies to a host what it needs, and reads its clock once more.
func (s *share) prepare(ctx context.Context) (err error) {
	if s.line == nil {
		s.forget()
		return nil
	}
	if err := s.reconnect(ctx); err != nil {
		return err
	}
	if _, err := s.line.ask(ctx, "clear"); err != nil {
		return err
	}
	script, err := os.ReadFile(s.options.Script)
	if err != nil {
		return source.WithHint(err, "the script is copied to every host: make it readable")
	}
	if err := s.line.put(ctx, s.there(scriptFile), script); err != nil {
		return err
	}
	s.passOn(script)
	if from := s.options.Env[usersVariable]; from != "" {
		users, err := os.ReadFile(from)
		if err != nil {
			return source.WithHint(err, "what virtual users begin with is copied to every host: make it readable")
		}
		if err := s.line.put(ctx, s.there(usersFile), users); err != nil {
			return err
		}
		s.options.Env[usersVariable] = s.there(usersFile)
	}
	s.clock, err = s.readClock(ctx)
	return err
}

func (s *share) there(name string) string { return path.Join(s.line.folder, name) }

var asks = regexp.MustCompile(`os\.getenv\("([A-Za-z_]\w*)"\)`)

// passOn hands the variables on that the script reads of the environment: those
// that are set here, and none of taskbench's own.
func (s *share) passOn(script []byte) {
	for _, m := range asks.FindAllSubmatch(script, -1) {
		name := string(m[1])
		value, here := os.LookupEnv(name)
		if _, set := s.options.Env[name]; here && !set && !strings.HasPrefix(name, "TASKBENCH_") {
			s.options.Env[name] = value
		}
	}
}

// run has a host do its share.
func (s *share) run(ctx context.Context) (wrk.Output, error) {
	if s.line == nil {
		s.options.Env["TASKBENCH_GO"] = "@" + s.goFile()
		watching, end := context.WithCancel(ctx)
		defer end()
		go s.watch(watching)
		return wrk.Run(ctx, s.options)
	}
	return wrk.RunBy(ctx, s.options, func() (wrk.Process, error) { return s.start(ctx) })
}

// remote is a wrk on a host.
type remote struct {
	s      *share
	argv   []string
	pid    string
	number string // of the command that started it
	ended  chan struct{}
	how    string // it ended; "": it is beyond reach
	kill   sync.Once
}

// start runs wrk. Variables go through the shell's standard input: arguments can
// be seen by everybody there.
func (s *share) start(ctx context.Context) (*remote, error) {
	o := s.options
	o.Script = s.there(scriptFile)
	env := maps.Clone(o.Env)
	env["TASKBENCH_OUT"], env["TASKBENCH_GO"] = s.there(blockFile), "@"+s.there(goFile)
	if o.RunName != "" {
		env["TASKBENCH_RUN"] = o.RunName
	}
	if o.Seed != 0 {
		env["TASKBENCH_SEED"] = strconv.FormatInt(o.Seed, 10)
	}
	export := "export"
	for _, name := range slices.Sorted(maps.Keys(env)) {
		export += " " + name + "=" + shell.Quote(env[name])
	}
	r := &remote{s: s, argv: append([]string{o.Path}, wrk.Args(o)...), ended: make(chan struct{})}
	words := r.argv
	if len(s.CPUs) > 0 {
		words = append([]string{"taskset", "-c", cpuList(s.CPUs)}, words...)
	}
	command := "start " + shell.Quote(export) + " " + shell.Join(words...)
	a, err := s.line.ask(ctx, oneLine(command))
	if err != nil {
		s.line.close() // it may have been started all the same
		return nil, err
	}
	_, r.pid, _ = strings.Cut(a.words, " ")
	r.number = a.to
	go r.wait()
	return r, nil
}

// oneLine keeps line breaks of quoted words out of a command, which is a line.
func oneLine(command string) string { return strings.ReplaceAll(command, "\n", `'"$nl"'`) }

func cpuList(cpus []int) string {
	words := make([]string, len(cpus))
	for i, c := range cpus {
		words[i] = strconv.Itoa(c)
	}
	return strings.Join(words, ",")
}

func (r *remote) wait() {
	defer close(r.ended)
	for {
		select {
		case a := <-r.s.line.ends:
			switch {
			case a.to != r.number: // of one that was given up
			case a.words == "waits":
				r.s.common.arrived(r.s.place)
			default:
				r.how = strings.TrimPrefix(a.words, "ended ")
				return
			}
		case <-r.s.line.gone:
			return
		}
	}
}

// Ended implements wrk.Process.
func (r *remote) Ended() <-chan struct{} { return r.ended }

// Interrupt implements wrk.Process.
func (r *remote) Interrupt(bool) { r.signal("INT") }

func (r *remote) signal(name string) {
	_ = r.s.line.tell("kill -" + name + " " + r.pid + " 2>/dev/null") // if it cannot be told, the line is gone
}

// killTime is how long a host may take to say that wrk is gone.
const killTime = 5 * time.Second

// Kill implements wrk.Process: where the host does not say that wrk is gone, the
// connection is given up, which has its shell end wrk as soon as it sees that.
func (r *remote) Kill() {
	r.kill.Do(func() {
		select {
		case <-r.ended:
			return
		default:
		}
		r.signal("KILL")
		select {
		case <-r.ended:
		case <-time.After(killTime):
			r.s.line.close()
		}
	})
}

// Left implements wrk.Process.
func (r *remote) Left(out *wrk.Output) error {
	out.Argv = r.argv
	if files := r.s.facts.Files; files >= 0 {
		if few := r.s.options.FewFiles(uint64(files)); few != "" {
			out.Warnings = append(out.Warnings, few)
		}
	}
	if r.how == "" {
		return r.s.line.lost()
	}
	if err := readEnd(r.how, out); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	for _, f := range []struct {
		name string
		most int
		into *[]byte
	}{{"stdout", mostText, &out.Stdout}, {"stderr", mostText, &out.Stderr}, {blockFile, mostFile, &out.Block}} {
		a, err := r.s.line.ask(ctx, fmt.Sprintf("send %s %d", f.name, f.most))
		if err != nil {
			return err
		}
		*f.into = a.data
	}
	// Messages are about the script as it is known here.
	out.Stderr = bytes.ReplaceAll(out.Stderr, []byte(r.s.there(scriptFile)), []byte(r.s.options.Script))
	return r.s.roomLeft(ctx, out)
}

// leastRoom is what a folder must have free for what little was not written to
// have another reason, in kB.
const leastRoom = 64

// roomLeft is the error of a host whose disk was full, where a run has no figures.
func (s *share) roomLeft(ctx context.Context, out *wrk.Output) error {
	if json.Valid(out.Block) {
		return nil
	}
	a, err := s.line.ask(ctx, `say free "$(free)"`)
	if err != nil {
		return err
	}
	if left := number(strings.TrimPrefix(a.words, "free "), leastRoom); left < leastRoom {
		return source.Errorf(source.Position{}, roomHint, "%s is full: what wrk counted could not be written there", s.facts.Temp)
	}
	return nil
}

// readEnd reads an exit status and what the shell's times says of children, where
// it could.
func readEnd(how string, out *wrk.Output) error {
	words := strings.Fields(how)
	if len(words) == 0 {
		return errors.New("how wrk ended cannot be read")
	}
	code, err := strconv.Atoi(words[0])
	if err != nil {
		return fmt.Errorf("how wrk ended cannot be read: %w", err)
	}
	if len(words) == 3 {
		out.UserCPU, _ = time.ParseDuration(words[1]) // 0: unknown
		out.SystemCPU, _ = time.ParseDuration(words[2])
	}
	if out.ExitCode = code; code > 128 {
		out.ExitCode, out.Signal = -1, syscall.Signal(code-128).String()
	}
	return nil
}
