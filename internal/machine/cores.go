package machine

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Split divides the logical CPUs this process may use into two halves, one for
// servers and one for the generator. Siblings, the logical CPUs that share a
// physical core, stay on one side.
func Split() (servers, generator []int, err error) {
	return split(CPUs(), siblings)
}

func split(cpus []int, siblings func(cpu int) []int) (servers, generator []int, err error) {
	var cores [][]int
	seen := map[int]bool{}
	for _, c := range cpus {
		if seen[c] {
			continue
		}
		var core []int
		for _, s := range append([]int{c}, siblings(c)...) {
			if !seen[s] && slices.Contains(cpus, s) {
				seen[s] = true
				core = append(core, s)
			}
		}
		cores = append(cores, core)
	}
	if len(cores) < 2 {
		return nil, nil, errors.New("this machine has one core to use, which cannot be divided")
	}
	half := len(cores) / 2
	servers, generator = slices.Concat(cores[:half]...), slices.Concat(cores[half:]...)
	slices.Sort(servers)
	slices.Sort(generator)
	return servers, generator, nil
}

// siblings are the logical CPUs on the same physical core, itself included;
// none where the system does not tell.
func siblings(cpu int) []int {
	list, err := ParseCPUs(firstLine(fmt.Sprintf("/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu)))
	if err != nil {
		return nil
	}
	return list
}

// MaxCPU bounds what a list may name, so that a slip of the pen is no list of millions.
const MaxCPU = 4095

// ParseCPUs reads a list such as "0-3,8", as Linux writes them.
func ParseCPUs(text string) ([]int, error) {
	var cpus []int
	for part := range strings.SplitSeq(text, ",") {
		low, high, isRange := strings.Cut(part, "-")
		if !isRange {
			high = low
		}
		from, err1 := strconv.Atoi(low)
		to, err2 := strconv.Atoi(high)
		if err1 != nil || err2 != nil || from < 0 || to < from || to > MaxCPU {
			return nil, fmt.Errorf("%q is not a list of CPUs such as 0-3,8", text)
		}
		for c := from; c <= to; c++ {
			cpus = append(cpus, c)
		}
	}
	slices.Sort(cpus)
	return slices.Compact(cpus), nil
}

// CPUList is a list of CPUs as ParseCPUs reads it: "0-3,8".
func CPUList(cpus []int) string {
	var parts []string
	for i := 0; i < len(cpus); {
		last := i
		for last+1 < len(cpus) && cpus[last+1] == cpus[last]+1 {
			last++
		}
		part := strconv.Itoa(cpus[i])
		if last > i {
			part += "-" + strconv.Itoa(cpus[last])
		}
		parts, i = append(parts, part), last+1
	}
	return strings.Join(parts, ",")
}
