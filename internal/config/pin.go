package config

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/internal/machine"
)

// ParsePin reads where servers and generator are to run: HalfPin, or
// SERVER:GENERATOR, two lists of CPUs. "" pins nothing.
func ParsePin(text string) (servers, generator []int, err error) {
	switch text {
	case "":
		return nil, nil, nil
	case HalfPin:
		return machine.Split()
	}
	left, right, both := strings.Cut(text, ":")
	if !both {
		return nil, nil, fmt.Errorf("%q is neither %s nor SERVER:GENERATOR, two lists of CPUs", text, HalfPin)
	}
	if servers, err = machine.ParseCPUs(left); err != nil {
		return nil, nil, err
	}
	if generator, err = machine.ParseCPUs(right); err != nil {
		return nil, nil, err
	}
	if err := CheckCPUs(slices.Concat(servers, generator)); err != nil {
		return nil, nil, err
	}
	return servers, generator, nil
}

// CheckCPUs refuses CPUs that this machine does not have.
func CheckCPUs(list []int) error {
	usable := machine.CPUs()
	for _, c := range list {
		if !slices.Contains(usable, c) {
			return fmt.Errorf("there is no CPU %d here to pin to (there is %v)", c, usable)
		}
	}
	return nil
}
