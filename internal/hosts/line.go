package hosts

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"taskbench/internal/source"
)

//go:embed agent.sh
var agent string

// loader is the first line that comes there: the lines up to one of their own are
// the program.
const loader = `t=%s; q=%d; s=; nl=$(printf '\n.'); nl=${nl%%.}; while IFS= read -r l && [ "$l" != "$t" ]; do s=$s$l$nl; done; eval "$s"`

// How long a host may take for an answer that is not a run.
const (
	connectTime = 30 * time.Second
	answerTime  = 30 * time.Second
	closeTime   = 5 * time.Second
	beatEvery   = 5 * time.Second
	mostNoise   = 4 << 10 // bytes kept of what a host says on stderr
	mostLine    = 64 << 10
)

const roomHint = "make room there, or have TMPDIR point to another folder"

// line is a shell that waits for commands, on a host or on this machine.
type line struct {
	host  Host
	path  string // of the socket by which further sessions use the same connection
	token string

	cmd     *exec.Cmd
	in      io.WriteCloser
	writing sync.Mutex

	asked   int // how many commands have been sent that have an answer
	answers chan answer
	ends    chan answer   // of what was started: that it waits for its beginning, and how it ended
	gone    chan struct{} // closed when the shell, or the way to it, has ended
	quit    chan struct{} // closed when nobody listens any more
	closing sync.Once
	noise   noise

	folder string // of its own there, which it removes at its end
}

// answer is a line of a host behind the token, and the bytes that came with it.
type answer struct {
	to    string // the number of the command
	words string
	data  []byte
}

// noise keeps the end of what a host says besides.
type noise struct {
	sync.Mutex
	text []byte
}

func (n *noise) Write(p []byte) (int, error) {
	n.Lock()
	defer n.Unlock()
	n.text = append(n.text, p...)
	if over := len(n.text) - mostNoise; over > 0 {
		n.text = n.text[over:]
	}
	return len(p), nil
}

func (n *noise) String() string {
	n.Lock()
	defer n.Unlock()
	return string(n.text)
}

// connect starts the shell and waits until it says that it is there. path is where
// ssh may put its socket.
func connect(ctx context.Context, h Host, path string) (*line, error) {
	l := &line{host: h, path: path, token: rand.Text(), answers: make(chan answer, 1), ends: make(chan answer, 1), gone: make(chan struct{}), quit: make(chan struct{})}
	l.cmd = l.command("-M")
	in, err := l.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	l.in, l.cmd.Stderr = in, &l.noise
	if err := l.cmd.Start(); err != nil {
		return nil, source.WithHint(fmt.Errorf("cannot start %s: %w", l.cmd.Path, err), "hosts are reached by ssh: install OpenSSH's client")
	}
	go l.read(out)
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	ready, err := l.send(ctx, fmt.Sprintf(loader, l.token, l.asked)+"\n"+agent+l.token)
	if err == nil {
		_, l.folder, _ = strings.Cut(ready.words, " ")
		if l.folder == "" {
			err = source.Errorf(source.Position{}, roomHint, "no temporary folder can be made there%s", quoted(l.noise.String()))
		}
	}
	if err != nil {
		l.close()
		return nil, err
	}
	go l.beat()
	return l, nil
}

// tell sends a command.
func (l *line) tell(command string) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	_, err := io.WriteString(l.in, command+"\n")
	return err
}

// ask sends a command and waits for its answer.
func (l *line) ask(ctx context.Context, command string) (answer, error) {
	l.asked++
	return l.send(ctx, fmt.Sprintf("q=%d; %s", l.asked, command))
}

// send sends what has an answer, and waits for it.
func (l *line) send(ctx context.Context, text string) (answer, error) {
	sent := make(chan error, 1)
	go func() { sent <- l.tell(text) }() // a pipe that nobody reads must not hold us
	select {
	case <-sent: // whether it could be written shows in what comes
		return l.next(ctx)
	case <-ctx.Done():
		return answer{}, l.silent(ctx)
	case <-l.gone:
		return answer{}, l.lost()
	}
}

// next waits for an answer to what was asked last. One to what was asked before
// may come still, where nobody waited for it any more.
func (l *line) next(ctx context.Context) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	for {
		select {
		case a := <-l.answers:
			if a.to == strconv.Itoa(l.asked) {
				return a, nil
			}
		case <-l.gone:
			return answer{}, l.lost()
		case <-ctx.Done():
			return answer{}, l.silent(ctx)
		}
	}
}

// silent is the error of a host that does not answer.
func (l *line) silent(ctx context.Context) error {
	if cause := context.Cause(ctx); !errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return source.Errorf(source.Position{}, "is it stopped, or the network? it must run sh for commands that come by ssh", "it does not answer%s", quoted(l.noise.String()))
}

// beat tells a host that somebody is there still.
func (l *line) beat() {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = l.tell("beat") // if it cannot be told, gone comes
		case <-l.gone:
			return
		}
	}
}

// read takes what the host says until it says nothing more.
func (l *line) read(out io.Reader) {
	defer close(l.gone)
	in := bufio.NewReaderSize(out, mostLine)
	for {
		text, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) { // none of ours
			continue
		}
		if err != nil {
			break
		}
		if !l.take(string(text), in) {
			break
		}
	}
	_, _ = io.Copy(io.Discard, in)
	_ = l.cmd.Wait() // how it ended is on stderr
}

// take sorts one line; false: nothing more can be read.
func (l *line) take(text string, in io.Reader) bool {
	at := strings.Index(text, l.token+" ") // behind what had no end of line
	if at < 0 {
		_, _ = l.noise.Write([]byte(text))
		return true
	}
	a := answer{}
	a.to, a.words, _ = strings.Cut(strings.TrimRight(text[at+len(l.token)+1:], "\n"), " ")
	kind, rest, _ := strings.Cut(a.words, " ")
	if kind == "waits" || kind == "ended" {
		return hand(l.ends, a, l.quit)
	}
	if kind == "file" {
		size, _, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(size)
		if err != nil || n < 0 || n > mostFile {
			return false
		}
		var data bytes.Buffer
		if _, err := io.CopyN(&data, in, int64(n)); err != nil {
			return false
		}
		a.data = data.Bytes()
	}
	return hand(l.answers, a, l.quit)
}

// hand passes something on, unless nobody listens any more.
func hand[T any](to chan<- T, what T, quit <-chan struct{}) bool {
	select {
	case to <- what:
		return true
	case <-quit:
		return false
	}
}

// close ends the shell with all that it started; it removes its folder.
func (l *line) close() {
	l.closing.Do(func() {
		close(l.quit)
		_ = l.in.Close()
	})
	select {
	case <-l.gone:
	case <-time.After(closeTime):
		_ = l.cmd.Process.Kill()
		<-l.gone
	}
}
