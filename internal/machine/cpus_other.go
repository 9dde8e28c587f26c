//go:build !linux

package machine

import "runtime"

// CPUs are the logical CPUs this process may use.
func CPUs() []int {
	cpus := make([]int, runtime.NumCPU())
	for i := range cpus {
		cpus[i] = i
	}
	return cpus
}
