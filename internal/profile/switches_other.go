//go:build !linux

package profile

// addSwitches knows nothing outside Linux.
func addSwitches(map[thread]switches, int) {}
