package server

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// detailsOf reads proc_pid_status(5), smaps_rollup and the folder of open
// files. The first is anybody's to read; the others are the owner's.
func detailsOf(pid int) (Memory, error) {
	dir := "/proc/" + strconv.Itoa(pid)
	var m Memory
	status, err := os.ReadFile(dir + "/status")
	if err != nil {
		return m, gone(err)
	}
	m.PeakBytes, m.SwapBytes = kilobytes(status, "VmHWM:"), kilobytes(status, "VmSwap:")
	rollup, err := os.ReadFile(dir + "/smaps_rollup")
	if err != nil {
		return m, gone(err)
	}
	m.ProportionalBytes = kilobytes(rollup, "Pss:")
	open, err := openFilesOf(pid)
	if err != nil {
		return m, err
	}
	m.OpenFiles = &open
	return m, nil
}

// openFilesOf counts a process's file descriptors.
func openFilesOf(pid int) (int, error) {
	folder, err := os.Open("/proc/" + strconv.Itoa(pid) + "/fd")
	if err != nil {
		return 0, err
	}
	defer folder.Close()
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return 0, gone(err)
	}
	return len(names), nil
}

// gone makes one of the two errors of a process that ended while it was read.
func gone(err error) error {
	if errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("%w: %w", os.ErrNotExist, err)
	}
	return err
}

// kilobytes finds "Key:  123 kB" at the beginning of a line; nil when it is not there.
func kilobytes(text []byte, key string) *uint64 {
	for line := range bytes.Lines(text) {
		rest, found := bytes.CutPrefix(line, []byte(key))
		if !found {
			continue
		}
		words := bytes.Fields(rest)
		if len(words) == 0 {
			return nil
		}
		n, err := strconv.ParseUint(string(words[0]), 10, 64)
		if err != nil || n > 1<<50 {
			return nil
		}
		n <<= 10
		return &n
	}
	return nil
}
