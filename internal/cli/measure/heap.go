package measure

import (
	"context"
	"errors"

	"taskbench/compare/profiles"
	"taskbench/internal/profile"
	"taskbench/results"
)

// profileHeap is `memory --heaptrack`: it starts every target under heaptrack,
// loads it once, and stores and prints what it allocated. Servers are several
// times slower under heaptrack: of the load only the number of answers counts.
func profileHeap(ctx context.Context, f *profiling) error {
	tool, err := profile.FindHeaptrack(ctx)
	if err != nil {
		return err
	}
	for _, spec := range f.plan.Targets { // what heaptrack cannot follow is refused before any load
		if _, err := tool.Wrap(spec, ""); err != nil {
			return err
		}
	}
	probe := &profile.Heap{Tool: tool, Dir: f.runner.Dir, Results: map[string]profile.HeapResult{}}
	f.runner.Open, f.runner.Probes = probe.Open, append(f.runner.Probes, probe)
	docs, err := f.measure(ctx, results.Memory)
	if !measured(docs) {
		return err
	}
	page, storeErr := f.kept.Heap(docs, probe.Results)
	return errors.Join(err, storeErr, f.print(profiles.Heap, docs, page))
}
