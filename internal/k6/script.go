package k6

import (
	"math"

	"taskbench/internal/k6/script"
	"taskbench/lua"
	"taskbench/scenarios"
)

// Script writes the k6 script of a scenario for a load that is given as wrk's scripts
// have it, and says how long it may run. What k6 cannot do is an error with its place.
func Script(s *scenarios.Scenario, o lua.Options) ([]byte, lua.Command, error) {
	own := script.Options{
		Target: o.Target, URL: o.URL, Connections: o.Connections, Seed: o.Seed,
		Duration: o.Duration, Warmup: o.Warmup, Timeout: o.Timeout, Rate: o.Rate,
	}
	text, err := script.Generate(s, own)
	if err != nil {
		return nil, lua.Command{}, err
	}
	command := lua.CommandFor(s, o)
	return text, lua.Command{
		Threads: command.Connections, Connections: command.Connections, TimeoutSeconds: command.TimeoutSeconds,
		Seconds: int(math.Ceil(script.Longest(s, own).Seconds())),
	}, nil
}
