package hosts

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"taskbench/internal/source"
	"taskbench/lua"
	"taskbench/wrk"
)

// share is what one host has to do in a run, and what came of it.
type share struct {
	*member
	place   int // from 1
	options wrk.Options
	users   int
	clock   Clock
	common  *start
	folder  string // of this machine, for what is needed meanwhile
	out     wrk.Output
}

// Generate has all hosts run a script with a share of o's connections each, from
// one moment on, and returns what they counted together: its contract is that of
// wrk.Run, but that each runs the wrk which was looked at when the fleet was opened.
// The script must be one that lua.Generate made; it and the file that TASKBENCH_USERS
// names in o.Env are copied to hosts and removed there.
//
// Where one host fails, the others are ended and the error names it. LiveFile is
// written where all hosts are processes of this machine.
func (f *Fleet) Generate(ctx context.Context, o wrk.Options) (wrk.Output, error) {
	if err := f.accepts(o); err != nil {
		return wrk.Output{}, err
	}
	out, err := f.generate(ctx, o)
	if err != nil && ctx.Err() != nil {
		err = source.WithHint(fmt.Errorf("interrupted before there was a result: %w", context.Cause(ctx)), "run it again; nothing was measured")
	}
	return out, err
}

func (f *Fleet) generate(ctx context.Context, o wrk.Options) (wrk.Output, error) {
	shares := f.shares(o)
	err := f.each(ctx, func(ctx context.Context, i int, m *member) error { return shares[i].prepare(ctx) })
	if err != nil {
		return wrk.Output{}, err
	}
	start, wait := newStart(shares), patience(shares)
	for i := range shares {
		shares[i].options.Linger += wait
	}
	defer f.live(o, shares)()
	err = f.together(ctx, start, wait)
	if err == nil {
		err = f.clocksStood(ctx, start.clocks, shares)
	}
	out := gather(shares)
	if err != nil {
		return out, err
	}
	err = join(o, start.clocks, shares, &out)
	return out, err
}

// together has all hosts run their shares, from one moment on.
func (f *Fleet) together(ctx context.Context, b *start, wait time.Duration) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	waiting, stop := context.WithCancel(ctx)
	given := make(chan error, 1)
	go func() {
		err := b.give(waiting, wait)
		if err != nil {
			cancel(err)
		}
		given <- err
	}()
	err := f.each(ctx, func(ctx context.Context, i int, m *member) (err error) {
		defer stop() // where one has ended, nobody waits for all any more
		s := &b.shares[i]
		if s.out, err = s.run(ctx); err == nil && ctx.Err() == nil && !b.isReady(s.place) {
			err = source.Errorf(source.Position{}, "generate the script anew: taskbench lua", "the script did not wait to be told when to begin: it is of an earlier taskbench")
		}
		return err
	})
	if why := <-given; why != nil {
		return why
	}
	return err
}

// accepts refuses what hosts cannot do together.
func (f *Fleet) accepts(o wrk.Options) error {
	refuse := func(hint, format string, args ...any) error {
		return source.Errorf(source.Position{}, hint, format, args...)
	}
	switch {
	case o.Script == "":
		return refuse("generate one: taskbench lua", "several hosts need a script: without one wrk counts nothing that could be added up")
	case o.Connections < len(f.members):
		return refuse("use as many connections as hosts, or more", "%d connections are too few for %d hosts", o.Connections, len(f.members))
	case o.Rate > 0:
		return refuse("leave --engine wrk2 out: scenarios have a rate of their own", "wrk2 does not run on several hosts")
	case o.Env["TASKBENCH_BOARD"] != "":
		return refuse("measure in turn", "slots of servers need one machine that sends")
	}
	return nil
}

// shares splits a run.
func (f *Fleet) shares(o wrk.Options) []share {
	list := make([]share, len(f.members))
	for i, m := range f.members {
		part := lua.Command{Threads: o.Threads, Connections: o.Connections}.Share(i+1, len(list))
		s := share{member: m, folder: f.dir, place: i + 1, users: part.Connections, clock: m.facts.Clock, options: o}
		s.options.Path, s.options.Threads, s.options.Connections = m.facts.Wrk.Path, part.Threads, part.Connections
		s.options.OutFile, s.options.LiveFile = "", ""
		s.options.CPUs = slices.Clone(m.CPUs)
		if len(m.CPUs) == 0 && m.line == nil {
			s.options.CPUs = o.CPUs
		}
		s.options.Env = maps.Clone(o.Env)
		if s.options.Env == nil {
			s.options.Env = map[string]string{}
		}
		s.options.Env["TASKBENCH_SHARE"] = fmt.Sprintf("%d/%d", i+1, len(list))
		list[i] = s
	}
	return list
}

// live has the processes tell what they count, and adds it up; end is called
// behind the run.
func (f *Fleet) live(o wrk.Options, shares []share) (end func()) {
	there := func(m *member) bool { return m.line != nil }
	if o.LiveFile == "" || slices.ContainsFunc(f.members, there) {
		return func() {}
	}
	var from []string
	for i := range shares {
		path := filepath.Join(f.dir, fmt.Sprintf("live-%d", i+1))
		shares[i].options.LiveFile = path
		from = append(from, path)
	}
	return sumLive(from, o.LiveFile)
}
