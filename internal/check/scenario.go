package check

import (
	"context"
	"fmt"

	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/scenarios"
)

// Scenario compiles a scenario as every target would get it, also with overrides
// that its answers may call for, compiles the Lua that comes out, and runs it once
// without a server.
func Scenario(s *scenarios.Scenario, targets []server.Spec) error {
	options := lua.Options{Connections: s.Load.Connections[0], Seed: 1}
	rehearsed := map[string]bool{} // targets differ in their overrides, or not at all
	for _, t := range targets {
		for _, variant := range s.Variants(t.Name) {
			script, err := lua.Generate(variant, options)
			if err != nil {
				return err
			}
			if rehearsed[string(script)] {
				continue
			}
			rehearsed[string(script)] = true
			err = lua.Check(s.Name+".lua", script)
			if err == nil {
				err = lua.Rehearse(variant, options)
			}
			if err != nil {
				return fmt.Errorf("%s: the generated script is broken, which is a defect of taskbench: %w", s.Name, err)
			}
		}
	}
	return nil
}

// How a check is made.
type How struct {
	Reset   string // shell command before each target, as before a trial; "" is none
	Propose bool   // what would have to be accepted where answers are not as expected
}

// All sends one iteration of every scenario to every target, which is started
// and stopped where that is ours to do. The visits are in the order of the
// scenarios, and for each in that of the targets.
func All(ctx context.Context, targets []server.Spec, how How, loaded []*scenarios.Scenario) ([][]Visit, error) {
	visits := make([][]Visit, len(loaded))
	for _, t := range targets {
		if err := server.Reset(ctx, how.Reset, t, server.ForCheck); err != nil {
			return nil, err
		}
		running, err := server.Open(ctx, t)
		if err != nil {
			return nil, err
		}
		for i, s := range loaded {
			v := Live(ctx, s, t, 1)
			if how.Propose {
				var last Visit
				v.Proposed, last = Adapt(ctx, s, t, 1, v)
				_, failed := last.Failed()
				v.Passes = last.Err == nil && !failed
			}
			visits[i] = append(visits[i], v)
		}
		if err := running.Stop(context.WithoutCancel(ctx)); err != nil {
			return nil, err
		}
	}
	return visits, nil
}
