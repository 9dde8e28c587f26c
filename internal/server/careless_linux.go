package server

import (
	"os"
	"regexp"
	"strconv"

	"golang.org/x/sys/unix"
)

var ignored = regexp.MustCompile(`(?m)^SigIgn:\s*([0-9a-f]+)$`)

// ignoresChildren reports whether a process ignores SIGCHLD: the kernel then
// reaps its children, and counts their time nowhere.
func ignoresChildren(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return false
	}
	match := ignored.FindSubmatch(text)
	if match == nil {
		return false
	}
	mask, err := strconv.ParseUint(string(match[1]), 16, 64)
	return err == nil && mask&(1<<(unix.SIGCHLD-1)) != 0
}
