package sentences

import (
	"fmt"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
)

var ledgerSentences = map[finding.Code]said{
	finding.TimeAgrees: {say: func(f finding.Finding) string {
		return "CPU time per answer agrees: " + heldBeside(f)
	}},
	finding.TimeSameWay: {say: func(f finding.Finding) string {
		return "CPU time per answer goes the same way, by another size: " + heldBeside(f)
	}},
	finding.TimeOpen: {say: func(f finding.Finding) string {
		return "CPU time per answer does not contradict, and is too noisy to confirm: " + heldBeside(f)
	}},
	finding.TimeDiffers: {say: func(f finding.Finding) string {
		return "CPU time per answer does NOT agree: " + heldBeside(f) + "; instructions are not time: look for locks, cache misses and waiting"
	}},
	finding.NoSymbols: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s of the instructions are of functions without a name, which meet none of the other side's: do not strip the program", figure.Percent(f.Values["fraction"]))
	}},
	finding.NoProfileStored: {say: func(f finding.Finding) string {
		if why := quote(f, 1); why != "" {
			return "no CPU time beside it: " + why
		}
		return fmt.Sprintf("no CPU time beside it: taskbench cpu %s --recordings 5 samples both, where perf may", quote(f, 0))
	}},
	finding.FloorUncounted: withReason("the floor was not counted, so nothing is split into stack and application"),
	finding.FloorAnswers: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("the floor's answers to step %s have %s bytes, those of %s %s: it is to answer the same", f.Step, figure.Instructions.Print(f.Values["floor_bytes"]), f.Target, figure.Instructions.Print(f.Values["bytes"]))
	}},
	finding.FloorDearer: {whole: true, say: func(f finding.Finding) string {
		return "the floor's answers cost more than those of " + f.Target
	}},
	finding.NoFloor:     always("no floor was counted that could tell it from the stack: floor: in taskbench.yaml"),
	finding.NeitherHas:  always("neither has any"),
	finding.NoneAnyMore: about("%s has none any more"),
	finding.BaselineHasNone: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s has %s, where %s has none", f.Target, figure.Instructions.Print(f.Values["count"]), quote(f, 0))
	}},
	finding.TimeUnknown: {say: func(f finding.Finding) string {
		return fmt.Sprintf("CPU time per answer has no interval: ratio %s, of instructions %s", figure.Ratio(f.Values["cpu_ratio"]), figure.Ratio(f.Values["instructions_ratio"]))
	}},
}

func heldBeside(f finding.Finding) string {
	return fmt.Sprintf("ratio %s [%s to %s], of instructions %s",
		figure.Ratio(f.Values["cpu_ratio"]), figure.Ratio(f.Values["low"]), figure.Ratio(f.Values["high"]), figure.Ratio(f.Values["instructions_ratio"]))
}
