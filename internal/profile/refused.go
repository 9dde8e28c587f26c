package profile

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"taskbench/internal/source"
)

// facts is what decides whether perf may look at a process.
type facts struct {
	paranoid string // kernel.perf_event_paranoid; "" when it cannot be read
	capable  bool   // this process has CAP_PERFMON or CAP_SYS_ADMIN
	me       string // user
	owner    string // user of the first process that belongs to someone else; "" when all are ours
	gone     bool   // none of the processes is there any more
}

// Bits of CapEff in /proc/self/status, from capability.h of Linux.
const (
	capSysAdmin = 21
	capPerfmon  = 38
)

func factsOf(pids []int) facts {
	f := facts{paranoid: readSysctl("kernel/perf_event_paranoid"), capable: capable(), gone: true}
	me := os.Getuid()
	f.me = userName(me)
	for _, pid := range pids {
		info, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid)))
		if err != nil {
			continue
		}
		f.gone = false
		if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != me && f.owner == "" {
			f.owner = userName(int(stat.Uid))
		}
	}
	return f
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(uid)
}

func readSysctl(name string) string {
	text, err := os.ReadFile(filepath.Join("/proc/sys", name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func capable() bool {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(text)) {
		if hex, ok := strings.CutPrefix(line, "CapEff:"); ok {
			bits, err := strconv.ParseUint(strings.TrimSpace(hex), 16, 64)
			return err == nil && bits&(1<<capSysAdmin|1<<capPerfmon) != 0
		}
	}
	return false
}

// explainPerf turns what perf wrote before it gave up into what is missing,
// and what to type.
func explainPerf(stderr string, err error, f facts) error {
	if err == nil {
		err = errors.New("it ended at once")
	}
	denied := containsAny(stderr, "perf_event_paranoid", "ermission", "not permitted", "is limited")
	switch {
	case f.gone || strings.Contains(stderr, "No such process"):
		return source.WithHint(errors.New("the server ended before perf could look at it"), "its log may tell why")
	case containsAny(stderr, "Function not implemented", "not supported by the kernel", "ENOSYS"):
		return source.WithHint(errors.New("this kernel has no performance events"), "profile outside of the container or sandbox")
	case denied && f.owner != "" && !f.capable:
		return source.WithHint(
			fmt.Errorf("the server belongs to user %s, and perf run by %s may not look at it: CAP_PERFMON and CAP_SYS_PTRACE are missing", f.owner, f.me),
			"run taskbench as that user or as root, or let taskbench start the server (start: in taskbench.yaml)")
	case denied && f.capable:
		return source.WithHint(errors.New("perf is not permitted, though this process has the capability for it: a seccomp filter or the machine's policy forbids perf_event_open"),
			"in Docker: --cap-add PERFMON --security-opt seccomp=unconfined")
	case denied:
		return source.WithHint(
			fmt.Errorf("perf is not permitted: kernel.perf_event_paranoid is %s, and CAP_PERFMON is missing", orUnknown(f.paranoid)),
			"sudo sysctl kernel.perf_event_paranoid=1 (2 is enough without the kernel's own functions), or run taskbench as root")
	}
	return source.WithHint(fmt.Errorf("perf record: %s", firstLine([]byte(stderr), err)), "try by hand: perf record --pid PID -- sleep 1")
}

func orUnknown(text string) string {
	if text == "" {
		return "unreadable"
	}
	return text
}

func containsAny(text string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
