//go:build !linux

package server

import "errors"

// detailsOf is known on Linux only.
func detailsOf(int) (Memory, error) {
	return Memory{}, errors.New("proportional and swapped memory and open files are read on Linux only")
}

func openFilesOf(int) (int, error) {
	return 0, errors.New("open files are counted on Linux only")
}
