//go:build !linux

package server

import (
	"errors"
	"syscall"
)

// processAttributes puts a child into a group of its own.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func pinThread(cpus []int) error {
	if len(cpus) == 0 {
		return nil
	}
	return errors.New("processes can be pinned to cores on Linux only")
}
