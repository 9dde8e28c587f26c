package hosts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"taskbench/internal/shell"
	"taskbench/internal/source"
)

// bootstrap is what a login shell is asked to run, whichever it is: sh, bash, fish
// and csh read it alike. All else comes through standard input.
const bootstrap = `exec sh -c 'IFS= read -r a; eval "$a"'`

// command is one of ssh, or of a shell where the host is this machine. It is in a
// process group of its own: Ctrl-C is for taskbench, which ends runs properly.
func (l *line) command(more ...string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", strings.TrimPrefix(bootstrap, "exec "))
	if l.host.SSH != "" {
		cmd = exec.Command("ssh", sshArgs(l.host.SSH, l.path, more...)...)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = time.Second
	return cmd
}

// sshArgs are those of a session that asks nobody anything, forwards nothing and
// runs what it is told; everything else is the user's own configuration.
func sshArgs(destination, socket string, more ...string) []string {
	args := []string{"-T", "-x", "-a", "-S", socket}
	for _, o := range []string{
		"BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=5", "ServerAliveCountMax=3", "ControlPersist=no",
		"ClearAllForwardings=yes", "PermitLocalCommand=no", "RemoteCommand=none", "RequestTTY=no", "LogLevel=INFO",
	} {
		args = append(args, "-o", o)
	}
	args = append(args, more...)
	return append(args, "--", destination, bootstrap)
}

// How long a file may take: so much, and so much for each byte, which a slow line has;
// and how long its session may go on behind it.
const (
	putTime  = 30 * time.Second
	putByte  = 20 * time.Microsecond
	heldTime = time.Second
)

// awaited hands over what follows a word on its line, once, whatever stands around it.
type awaited struct {
	token string
	seen  []byte
	said  chan string // has room for one
}

func (w *awaited) Write(p []byte) (int, error) {
	w.seen = append(w.seen, p...)
	if _, rest, found := bytes.Cut(w.seen, []byte(w.token)); !found {
		w.seen = w.seen[max(0, len(w.seen)-len(w.token)):]
	} else if line, _, ends := bytes.Cut(rest, []byte("\n")); ends {
		select {
		case w.said <- string(line):
		default:
		}
	}
	return len(p), nil
}

// put writes a file into the folder of a host, by a session of its own, so that
// its end is the end of the session's input.
func (l *line) put(ctx context.Context, path string, data []byte) error {
	cmd := l.command()
	if l.host.SSH != "" {
		cmd.Args = append([]string{cmd.Args[0], "-o", "ControlMaster=no"}, cmd.Args[1:]...)
	}
	first := fmt.Sprintf("umask 077; cat >%s; printf '\\n%s %%s\\n' $(wc -c <%[1]s)\n", shell.Quote(path), l.token)
	cmd.Stdin = io.MultiReader(strings.NewReader(first), bytes.NewReader(data))
	out, complaints := &awaited{token: l.token + " ", said: make(chan string, 1)}, noise{}
	cmd.Stderr = &complaints
	limit := putTime + time.Duration(len(data))*putByte
	ctx, cancel := context.WithTimeoutCause(ctx, limit, source.Errorf(source.Position{}, "is its disk slow, or the network?", "a file of %d bytes could not be copied there within %v", len(data), limit.Round(time.Second)))
	defer cancel()
	size, err := out.after(ctx, cmd)
	switch n, no := strconv.Atoi(strings.TrimSpace(size)); {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case size == "":
		return source.WithHint(errors.Join(fmt.Errorf("a file could not be copied there%s", quoted(complaints.String())), err), "is the connection up, and does the host allow a second session (MaxSessions)?")
	case no != nil || n != len(data):
		return source.Errorf(source.Position{}, roomHint, "a file could not be copied to %s%s", path, quoted(complaints.String()))
	}
	return nil
}

// after runs a command until it has said what follows the word; "": it ended before. What
// else holds its output open, as a program that a login started, is not waited for.
func (w *awaited) after(ctx context.Context, cmd *exec.Cmd) (string, error) {
	cmd.Stdout = w
	if err := cmd.Start(); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		select {
		case said := <-w.said:
			return said, err
		default:
			return "", err
		}
	case said := <-w.said:
		select {
		case <-ended: // with what it had to complain of
		case <-time.After(heldTime):
			_ = cmd.Process.Kill()
			<-ended
		}
		return said, nil
	case <-ctx.Done():
		_ = cmd.Process.Kill()
		<-ended
		return "", context.Cause(ctx)
	}
}
