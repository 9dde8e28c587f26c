package profile

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// addSwitches reads the context switches of each thread of a process. Threads
// that end meanwhile are left out.
func addSwitches(into map[thread]switches, pid int) {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return
	}
	for _, task := range tasks {
		tid, err := strconv.Atoi(task.Name())
		if err != nil {
			continue
		}
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/status", pid, tid))
		if err == nil {
			into[thread{pid, tid}] = switchesIn(string(text))
		}
	}
}

func switchesIn(status string) switches {
	var s switches
	for line := range strings.Lines(status) {
		key, value, _ := strings.Cut(line, ":")
		n, _ := strconv.ParseUint(strings.TrimSpace(value), 10, 64) // the two below are always numbers
		switch key {
		case "voluntary_ctxt_switches":
			s.voluntary = n
		case "nonvoluntary_ctxt_switches":
			s.involuntary = n
		}
	}
	return s
}
