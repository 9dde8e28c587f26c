package server

import (
	"io"
	"os/exec"
	"strconv"
	"syscall"
)

// guard is a small shell that kills a process group, and what has a mark in its
// environment, when taskbench ends,
// however it ends: it waits for a line on its standard input, which the system
// closes when taskbench is gone. On Linux the server itself dies with taskbench
// anyway (see processAttributes); the guard is for what the server started, and
// for other systems.
type guard struct {
	line io.WriteCloser
	done chan struct{}
}

const guardScript = `read -r _ && exit
kill -s KILL -- "-$0"
for file in /proc/[0-9]*/environ; do
	grep -qsF -e "$1" "$file" || continue
	file=${file#/proc/}
	kill -s KILL "${file%/environ}"
done`

// newGuard watches over the group of a process and all with its mark. Without a shell there is none.
func newGuard(group int, mark string) *guard {
	cmd := exec.Command("sh", "-c", guardScript, strconv.Itoa(group), mark)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // out of reach of Ctrl-C
	line, err := cmd.StdinPipe()
	if err != nil {
		return nil
	}
	if err := cmd.Start(); err != nil {
		return nil
	}
	g := &guard{line: line, done: make(chan struct{})}
	go func() {
		defer close(g.done)
		_ = cmd.Wait() // its status says nothing
	}()
	return g
}

// release ends the guard without harm to anyone.
func (g *guard) release() {
	if g == nil {
		return
	}
	_, _ = g.line.Write([]byte("\n")) // a guard that was killed needs no release
	<-g.done
}
