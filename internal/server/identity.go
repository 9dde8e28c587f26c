package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/shirou/gopsutil/v4/process"

	"taskbench/internal/taskflow"
)

// Identity is what a server is, as far as it can be told from outside. What
// cannot be told is left at its zero value.
type Identity struct {
	GitCommit string // HEAD of the checkout in Spec.Dir
	GitDirty  bool   // that checkout has changes

	Executable       string // path of the program that runs
	ExecutableSHA256 string // hex
	ExecutableBytes  int64

	Process   Process   // whose CPU time and memory are measured, with its children
	Forwarder Process   // what listens, where that only passes requests on: then nothing is measured
	Gateway   bool      // what listens may pass requests on, or answer itself
	Also      []Process // what works for the server

	// Reference is set when the server says of itself that it is taskbench's
	// reference server: "reference server, rust dialect, --slow 8%".
	Reference string
}

// Identity looks the server over. It asks git and reads the executable, so it
// is not for use while load runs.
func (s *Server) Identity(ctx context.Context) Identity {
	id := Identity{Reference: reference(s.saysOfItself(ctx))}
	if s.spec.Dir != "" {
		id.GitCommit, id.GitDirty = checkout(ctx, s.spec.Dir)
	}
	id.Executable = executable(s.ProgramPID())
	id.ExecutableSHA256, id.ExecutableBytes = digest(id.Executable)
	s.measured(&id)
	return id
}

// saysOfItself is what the server answered when it was looked for, or says where
// the reference server would say it.
func (s *Server) saysOfItself(ctx context.Context) serverField {
	says := s.reply.server()
	if says.Server == "" && s.spec.Ready != usualReady {
		spec := s.spec
		spec.Ready = usualReady
		if reply, err := ask(ctx, spec); err == nil { // else it is another server, with no such page
			says = reply.server()
		}
	}
	return says
}

func reference(says serverField) string {
	if says.Server != taskflow.Name {
		return ""
	}
	text := "reference server"
	if says.Storage != "" {
		text += " with " + says.Storage
	}
	text += ", " + says.Dialect + " dialect"
	if says.Switches != "" {
		text += ", " + says.Switches
	}
	return text
}

// checkout is the commit of the git checkout a directory is in, and whether
// files known to git differ from it.
func checkout(ctx context.Context, dir string) (commit string, dirty bool) {
	head, err := exec.CommandContext(ctx, "git", "-C", dir, "rev-parse", "HEAD").Output()
	if err != nil {
		return "", false // no checkout, or no git
	}
	status, err := exec.CommandContext(ctx, "git", "-C", dir, "status", "--porcelain", "--untracked-files=no").Output()
	return strings.TrimSpace(string(head)), err == nil && len(status) > 0
}

func executable(pid int) string {
	if pid == 0 {
		return ""
	}
	path, err := (&process.Process{Pid: int32(pid)}).Exe()
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(path, " (deleted)") // rebuilt since it was started
}

func digest(path string) (hash string, size int64) {
	if path == "" {
		return "", 0
	}
	file, err := os.Open(path)
	if err != nil {
		return "", 0
	}
	defer file.Close()
	sum := sha256.New()
	if size, err = io.Copy(sum, file); err != nil {
		return "", 0
	}
	return hex.EncodeToString(sum.Sum(nil)), size
}
