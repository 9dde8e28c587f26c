package micro

import (
	"context"
	"path/filepath"
	"slices"

	"taskbench/internal/source"
)

// buildAll builds the benches of every crate, each into programs of its own. Two
// checkouts of one crate have the same names, and where cargo has one target folder
// for all (CARGO_TARGET_DIR, build.target-dir), it builds one over the other: both
// would then run whichever was built last.
func (r *Runner) buildAll(ctx context.Context, p Plan) ([]build, error) {
	builds := make([]build, len(p.Crates))
	for i := range p.Crates {
		if err := r.buildOne(ctx, p, builds, i); err != nil {
			return nil, err
		}
	}
	for i := range p.Crates {
		if clashes(p.Crates, builds, i) >= 0 {
			p.Crates[i].target = filepath.Join(targetFolder(builds[i].programs[0]), "taskbench", p.Crates[i].Name)
		}
	}
	for i, c := range p.Crates {
		if c.target == "" {
			continue
		}
		if err := r.buildOne(ctx, p, builds, i); err != nil {
			return nil, err
		}
	}
	for i, c := range p.Crates {
		if k := clashes(p.Crates, builds, i); k >= 0 {
			return nil, source.Errorf(source.Position{File: c.Dir}, "give each crate a target folder of its own", "%s and %s are built into the same program: %s", p.Crates[k].Name, c.Name, builds[i].programs[0])
		}
	}
	return builds, nil
}

func (r *Runner) buildOne(ctx context.Context, p Plan, builds []build, i int) (err error) {
	r.tell(Event{Crate: p.Crates[i].Name, Rounds: p.Rounds, Total: p.Rounds * len(p.Crates)})
	builds[i], err = r.build(ctx, p.Crates[i])
	return err
}

// clashes is the first crate of another folder that has a program of the i-th one's;
// -1: none has.
func clashes(crates []Crate, builds []build, i int) int {
	return slices.IndexFunc(crates, func(c Crate) bool {
		k := slices.IndexFunc(crates, func(other Crate) bool { return other.Name == c.Name })
		return k != i && !sameFolder(c.Dir, crates[i].Dir) &&
			slices.ContainsFunc(builds[k].programs, func(program string) bool { return slices.Contains(builds[i].programs, program) })
	})
}

// targetFolder is cargo's, by a program in its release/deps.
func targetFolder(program string) string {
	return filepath.Dir(filepath.Dir(filepath.Dir(program)))
}
