// Package machine describes the computer a measurement runs on, so that a
// result can be judged, and two results told apart, years later.
//
// It only reads; what cannot be read on a system is left empty, never guessed.
package machine

import (
	"os"
	"runtime"
	"strings"

	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/host"
	"github.com/shirou/gopsutil/v4/load"
	"github.com/shirou/gopsutil/v4/mem"

	"taskbench/results"
)

// Describe reads the machine's properties and its load at this moment.
func Describe() results.Environment {
	e := results.Environment{OS: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU()}
	if info, err := host.Info(); err == nil {
		e.OS = strings.TrimSpace(info.Platform + " " + info.PlatformVersion + " " + e.OS)
		e.Kernel = info.KernelVersion
	}
	if cpus, err := cpu.Info(); err == nil && len(cpus) > 0 {
		e.CPUModel = strings.Join(strings.Fields(cpus[0].ModelName), " ")
	}
	if m, err := mem.VirtualMemory(); err == nil {
		e.MemoryBytes = m.Total
	}
	if l, err := load.Avg(); err == nil {
		e.LoadBefore = l.Load1
	}
	e.Governor = firstLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
	e.Turbo = turbo(firstLine("/sys/devices/system/cpu/intel_pstate/no_turbo"), firstLine("/sys/devices/system/cpu/cpufreq/boost"))
	return e
}

// turbo says whether cores may run above their rated speed, from what the two
// kinds of drivers say: one that it is off, the other that it is on.
func turbo(noTurbo, boost string) string {
	switch {
	case noTurbo == "0" || noTurbo == "" && boost == "1":
		return "on"
	case noTurbo == "1" || boost == "0":
		return "off"
	}
	return ""
}

func firstLine(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(data), "\n")
	return strings.TrimSpace(line)
}
