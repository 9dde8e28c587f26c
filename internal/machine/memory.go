package machine

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v4/mem"
)

// AvailableBytes is the memory that programs can still take without swapping:
// what the system says is available, or less where a cgroup of this process (a
// container's, a service's) has less left. Not ok where unknown.
func AvailableBytes() (bytes uint64, ok bool) {
	m, err := mem.VirtualMemory()
	if err != nil {
		return 0, false
	}
	bytes = m.Available
	if left, limited := leftInGroup("/sys/fs/cgroup", groupOf(firstLine("/proc/self/cgroup"))); limited {
		bytes = min(bytes, left)
	}
	return bytes, true
}

// groupOf is the path of a cgroup of version 2, from its line in
// /proc/self/cgroup; "" for any other line.
func groupOf(line string) string {
	path, _ := strings.CutPrefix(line, "0::")
	if path == line {
		return ""
	}
	return path
}

// leftInGroup is the least that a cgroup or any above it may still take: its
// limit without what it holds, of which pages of files can be given back.
func leftInGroup(root, group string) (least uint64, limited bool) {
	for ; group != ""; group = parent(group) {
		dir := filepath.Join(root, group)
		most, errMost := strconv.ParseUint(firstLine(filepath.Join(dir, "memory.max")), 10, 64) // "max": none
		held, errHeld := strconv.ParseUint(firstLine(filepath.Join(dir, "memory.current")), 10, 64)
		if errMost != nil || errHeld != nil {
			continue
		}
		held -= min(held, inactiveFiles(filepath.Join(dir, "memory.stat")))
		if left := most - min(most, held); !limited || left < least {
			least, limited = left, true
		}
	}
	return least, limited
}

// parent is the group above; "" above the topmost.
func parent(group string) string {
	if group == "/" {
		return ""
	}
	return filepath.Dir(group)
}

func inactiveFiles(path string) uint64 {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if n, found := strings.CutPrefix(line, "inactive_file "); found {
			bytes, _ := strconv.ParseUint(strings.TrimSpace(n), 10, 64)
			return bytes
		}
	}
	return 0
}
