package hosts

import (
	"fmt"
	"slices"
	"time"
)

// What hosts may differ by before it is said.
const (
	busyLoad    = 0.3                    // of the cores
	unequalCPUs = 1.25                   // the most cores for one of the fewest
	clockSaid   = 100 * time.Millisecond // of an offset for certain, though it is corrected
)

// differences are what a reader of the figures must know of the hosts. How busy this
// machine is, is said of every run, and not of each of its processes.
func differences(list []Facts) []string {
	var said []string
	say := func(f Facts, format string, args ...any) {
		said = append(said, "host "+f.Host.Name+": "+fmt.Sprintf(format, args...))
	}
	first := list[0]
	most := slices.MaxFunc(list, func(a, b Facts) int { return a.used() - b.used() })
	for i, f := range list {
		if g := slices.IndexFunc(list[:i], f.sharesCores); g >= 0 {
			say(f, "it is on one machine with %s, and shares its cores", list[g].Host.Name)
		}
		if f.System != first.System || f.Arch != first.Arch {
			say(f, "it is %s on %s, and %s is %s on %s", f.System, f.Arch, first.Host.Name, first.System, first.Arch)
		} else if f.Kernel != first.Kernel {
			say(f, "its kernel is %s, and that of %s is %s", f.Kernel, first.Host.Name, first.Kernel)
		}
		if f.used() > 0 && float64(most.used()) > unequalCPUs*float64(f.used()) {
			say(f, "%d of its cores send, and %d of %s: their shares are equal all the same", f.used(), most.used(), most.Host.Name)
		}
		if f.Host.SSH != "" && f.Cores > 0 && f.Load > busyLoad*float64(f.Cores) {
			say(f, "it is busy: a load of %.1f on %d cores", f.Load, f.Cores)
		}
		if off := f.Clock.Offset; off.Abs()-f.Clock.Within > clockSaid {
			say(f, "its clock is %s, which is corrected", aside(off))
		}
	}
	return said
}

// sharesCores reports whether two hosts are one machine in truth: by two names, or in two
// containers. Of processes that nobody called a host it is known.
func (f Facts) sharesCores(g Facts) bool {
	ofOne := f.Boot != "" && f.Boot == g.Boot && (f.Host.SSH != "" || g.Host.SSH != "")
	apart := len(f.Host.CPUs) > 0 && len(g.Host.CPUs) > 0 && !slices.ContainsFunc(f.Host.CPUs, func(cpu int) bool { return slices.Contains(g.Host.CPUs, cpu) })
	return ofOne && !apart
}

// used are the CPUs that wrk may run on; 0: unknown.
func (f Facts) used() int {
	if n := len(f.Host.CPUs); n > 0 {
		return n
	}
	return f.Cores
}

// aside says how a clock differs.
func aside(off time.Duration) string {
	if off < 0 {
		return fmt.Sprintf("%v behind", (-off).Round(10*time.Millisecond))
	}
	return fmt.Sprintf("%v ahead", off.Round(10*time.Millisecond))
}
