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

// put writes a file into the folder of a host, by a session of its own, so that
// its end is the end of the session's input.
func (l *line) put(ctx context.Context, path string, data []byte) error {
	cmd := l.command()
	if l.host.SSH != "" {
		cmd.Args = append([]string{cmd.Args[0], "-o", "ControlMaster=no"}, cmd.Args[1:]...)
	}
	first := fmt.Sprintf("umask 077; cat >%s; printf '\\n%s %%s\\n' $(wc -c <%[1]s)\n", shell.Quote(path), l.token)
	cmd.Stdin = io.MultiReader(strings.NewReader(first), bytes.NewReader(data))
	var out, complaints noise
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Start(); err != nil {
		return err
	}
	unwatch := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	err := cmd.Wait()
	unwatch()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	_, size, found := strings.Cut(out.String(), l.token+" ")
	if n, _ := strconv.Atoi(strings.TrimSpace(size)); found && n == len(data) {
		return nil
	}
	if !found {
		return source.WithHint(errors.Join(fmt.Errorf("a file could not be copied there%s", quoted(complaints.String())), err), "is the connection up, and does the host allow a second session (MaxSessions)?")
	}
	return source.Errorf(source.Position{}, roomHint, "a file could not be copied to %s%s", path, quoted(complaints.String()))
}
