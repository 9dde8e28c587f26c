package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// trial measures one target once. It never fails: what went wrong stands in
// the trial, which then does not count.
func (c *campaign) trial(ctx context.Context, s spot, measure func() (results.Trial, error)) results.Trial {
	started := c.Now()
	trial, err := measure()
	trial.Pair, trial.Position, trial.Started = s.pair, s.position, started
	trial.Seed = c.plan.trialSeed(s.cell.index, s.pair)
	trial.Run = cmp.Or(trial.Run, c.plan.runName(s.cell.index, s.pair, s.position))
	if err != nil {
		trial.Error, trial.Hint = source.Split(err)
	}
	if ctx.Err() != nil {
		trial.Interrupted = true
		trial.Hint, trial.Error = "", "interrupted: what figures there are come from a shorter run"
	}
	return trial
}

// measure loads a server that is started, or found, for this trial.
func (c *campaign) measure(ctx context.Context, s spot) (trial results.Trial, err error) {
	c.track.phase(s, Starting)
	if err := server.Reset(ctx, c.plan.Reset, s.target, s.cell.Scenario.Name); err != nil {
		return trial, err
	}
	if c.Trial != nil {
		c.track.phase(s, Measuring)
		return c.Trial(ctx, s.target, s.cell.Cell, c.plan.trialSeed(s.cell.index, s.pair))
	}
	session, err := c.open(ctx, s.target, s.cell.Cell)
	if err != nil {
		return trial, err
	}
	defer func() {
		c.track.phase(s, Stopping)
		if stopErr := session.close(ctx); stopErr != nil && err == nil {
			err = fmt.Errorf("%s did not stop: %w", s.target.Name, stopErr)
		}
	}()
	return c.load(ctx, s, session)
}

// load drives the server: a warm-up run of its own where the script has none,
// then the measured run, with the probes around it.
func (c *campaign) load(ctx context.Context, s spot, at *session) (results.Trial, error) {
	options, command, err := c.prepare(s, 0)
	if err != nil {
		return results.Trial{}, err
	}
	if err := c.setUp(ctx, s, at, &options); err != nil {
		return results.Trial{}, err
	}
	if command.WarmupSeconds > 0 {
		c.track.phase(s, WarmingUp)
		warmup := warmingUp(options)
		warmup.Duration = time.Duration(command.WarmupSeconds) * time.Second
		if _, err := c.Generate(ctx, warmup); err != nil {
			return results.Trial{}, at.died(fmt.Errorf("during warm-up: %w", err))
		}
	}
	c.track.phase(s, Measuring)
	for _, p := range at.attached {
		p.Begin(ctx)
	}
	run := Run{FromUS: machine.NowUS(), Options: options, Hosts: c.Hosts}
	run.Output, err = c.generate(ctx, options)
	run.ToUS = machine.NowUS()
	for _, p := range slices.Backward(at.attached) {
		p.End(ctx)
	}
	trial, block, figuresErr := figures(run.Output, s.cell.Scenario.For(s.target.Name))
	run.Block = block
	for _, p := range at.attached {
		p.Record(ctx, &trial, run)
	}
	if trial.Ended != nil {
		err = errors.New(endedText(*trial.Ended))
	}
	return trial, at.died(cmp.Or(err, figuresErr))
}

// warmingUp is for a run before the measured one, which has its own ${run} and draws
// anew: else the measured one would send once more what the server has had already.
func warmingUp(o wrk.Options) wrk.Options {
	o.RunName += "w"
	o.Seed++
	return o
}

// pauses are those of virtual users behind the answers of each step; 0 where they pause
// within it, nil where they never do.
func pauses(s *scenarios.Scenario) map[string]results.Pause {
	if !lua.Thinks(s) {
		return nil
	}
	all := map[string]results.Pause{}
	for i := range s.Steps {
		think := s.ThinkAfter(&s.Steps[i])
		p := results.Pause{Mean: think.Mean}
		switch think.Distribution {
		case scenarios.Exponential:
			p.SD = think.Mean
		case scenarios.Uniform:
			p.SD = time.Duration(float64(think.Mean) / math.Sqrt(3))
		}
		all[s.Steps[i].Name] = p
	}
	return all
}

// figures turns what wrk left into a trial, as far as there is anything.
func figures(out wrk.Output, s *scenarios.Scenario) (results.Trial, *parse.Block, error) {
	record := &results.WrkRun{Argv: out.Argv, Text: string(out.Stdout), Stderr: string(out.Stderr)}
	if len(out.Block) == 0 {
		return results.Trial{Wrk: record}, nil, errors.New("the script handed over no figures")
	}
	block, err := parse.ReadBlock(out.Block)
	if err != nil {
		return results.Trial{Wrk: record}, nil, err
	}
	record.Requests, record.DurationUS = block.Wrk.Requests, block.Wrk.DurationUS
	record.ReadErrors, record.WriteErrors = block.Wrk.Errors.Read, block.Wrk.Errors.Write
	if block.Wrk.DurationUS > 0 {
		record.RequestsPS = float64(block.Wrk.Requests) / (float64(block.Wrk.DurationUS) / 1e6)
	}
	trial, err := results.NewTrial(block, results.Circumstances{Pauses: pauses(s), Varied: s.Varied(), Wrk: record})
	trial.Warnings, trial.Hosts = append(trial.Warnings, out.Warnings...), hostShares(out)
	return trial, block, err
}

// prepare writes the script and says how wrk is to be called with it, where so
// many take turns; 0: none do.
func (c *campaign) prepare(s spot, turns int) (wrk.Options, lua.Command, error) {
	seed := c.plan.trialSeed(s.cell.index, s.pair)
	variant := s.cell.Scenario.For(s.target.Name)
	options := s.cell.luaOptions(s.target, seed)
	options.Slots = turns
	script, err := c.script(variant, options)
	if err != nil {
		return wrk.Options{}, lua.Command{}, err
	}
	folder := filepath.Join(c.Dir, strconv.Itoa(s.index)) // a server beside itself has its name twice
	name := fmt.Sprintf("%s-%d-%s", s.cell.Scenario.Name, s.cell.Connections, s.target.Name)
	path := filepath.Join(folder, name+script.Ext)
	if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(path, script.Text, 0o644)); err != nil {
		return wrk.Options{}, lua.Command{}, source.WithHint(err, "taskbench keeps scripts in the temporary folder while they run; set TMPDIR to one that is writable")
	}
	command := script.Command
	return wrk.Options{
		Path: c.Wrk.Path, URL: s.target.URL, Script: path,
		Threads: command.Threads, Connections: command.Connections,
		Duration: time.Duration(command.Seconds) * time.Second,
		Timeout:  time.Duration(command.TimeoutSeconds) * time.Second,
		Linger:   time.Duration(command.LingerSeconds) * time.Second,
		OutFile:  filepath.Join(folder, name+".json"),
		RunName:  c.plan.runName(s.cell.index, s.pair, s.position),
		Seed:     seed, CPUs: c.plan.GeneratorCPUs,
	}, command, nil
}

// script is what the generator runs.
func (r *Runner) script(s *scenarios.Scenario, o lua.Options) (Script, error) {
	if r.Script != nil {
		return r.Script(s, o)
	}
	text, err := lua.Generate(s, o)
	return Script{Text: text, Ext: ".lua", Command: lua.CommandFor(s, o)}, err
}
