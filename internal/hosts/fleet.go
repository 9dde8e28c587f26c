package hosts

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"taskbench/internal/scratch"
	"taskbench/internal/source"
)

// Fleet are hosts that send one load together. It serves one Generate at a time.
type Fleet struct {
	members  []*member
	warnings []string
	remove   func() // the folder of ssh's sockets, and of what processes here leave
	dir      string
}

// member is a host of a fleet.
type member struct {
	Host
	facts Facts
	line  *line // to a shell there; nil: it is this machine

	socket    string // where ssh puts its socket, but for a number
	connected int    // how often it was connected to
}

// Open looks at all hosts at once: whether they can be reached, their wrk, clock
// and state. The error names the first host that cannot be used, with a hint;
// none is held on to then. A fleet must be closed.
func Open(ctx context.Context, list []Host) (*Fleet, error) {
	if err := checkAll(list); err != nil {
		return nil, err
	}
	dir, remove, err := scratch.Folder()
	if err != nil {
		return nil, err
	}
	f := &Fleet{dir: dir, remove: remove}
	for _, h := range list {
		h.Name = h.name()
		f.members = append(f.members, &member{Host: h, socket: filepath.Join(dir, fmt.Sprint(len(f.members)))})
	}
	err = f.each(ctx, func(ctx context.Context, i int, m *member) error { return m.open(ctx) })
	if err == nil {
		err = f.sameWrk()
	} else if ctx.Err() != nil {
		err = fmt.Errorf("interrupted while hosts were looked at: %w", context.Cause(ctx))
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	f.warnings = differences(f.Facts())
	return f, nil
}

// checkAll looks at what can be said without asking anybody.
func checkAll(list []Host) error {
	if len(list) == 0 {
		return source.Errorf(source.Position{}, "name a host, or a process on this machine", "no hosts")
	}
	seen := map[string]bool{}
	for _, h := range list {
		if err := h.check(); err != nil {
			return err
		}
		if seen[h.name()] {
			return source.Errorf(source.Position{}, "results name hosts: give each a name of its own", "two hosts are called %s", h.name())
		}
		seen[h.name()] = true
	}
	return nil
}

// Facts are what the hosts said about themselves, in the order of Open.
func (f *Fleet) Facts() []Facts {
	list := make([]Facts, len(f.members))
	for i, m := range f.members {
		list[i] = m.facts
	}
	return list
}

// Warnings are where hosts differ from each other or are in no state to measure,
// a sentence each.
func (f *Fleet) Warnings() []string { return f.warnings }

// Close ends what runs on the hosts and removes what is left there, also on one that
// was lost, where it can be reached again.
func (f *Fleet) Close() error {
	var all sync.WaitGroup
	for _, m := range f.members {
		if m.line != nil {
			all.Go(m.close)
		}
	}
	all.Wait()
	f.remove()
	return nil
}

// each does something for all members at once. With the first error ctx ends for
// the others; it returns when all have, with that error, which names its host.
func (f *Fleet) each(ctx context.Context, do func(ctx context.Context, i int, m *member) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		all   sync.WaitGroup
		once  sync.Once
		first error
	)
	for i, m := range f.members {
		all.Go(func() {
			if err := do(ctx, i, m); err != nil {
				once.Do(func() {
					first = m.named(err)
					cancel(first)
				})
			}
		})
	}
	all.Wait()
	return first
}

// named puts the host in front of a message.
func (m *member) named(err error) error { return fmt.Errorf("host %s: %w", m.Name, err) }

// sameWrk demands one version of wrk everywhere: two do not measure alike.
func (f *Fleet) sameWrk() error {
	first := f.members[0]
	for _, m := range f.members[1:] {
		if m.facts.Wrk.Version != first.facts.Wrk.Version {
			return m.named(source.Errorf(source.Position{}, "install one version everywhere, or name the one to use: wrk: PATH of a host",
				"its wrk (%s) is %s, and that of %s is %s", m.facts.Wrk.Path, m.facts.Wrk.Version, first.Name, first.facts.Wrk.Version))
		}
	}
	return nil
}
