package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"taskbench/internal/source"
	"taskbench/internal/target"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// trial measures one target once. It never fails: what went wrong stands in
// the trial, which then does not count.
func (r *Runner) trial(ctx context.Context, p Plan, s spot, track *tracker) results.Trial {
	started := r.Now()
	trial, err := r.measure(ctx, p, s, track)
	trial.Pair, trial.Position, trial.Started = s.pair, s.position, started
	trial.Seed = p.trialSeed(s.cellIndex, s.pair)
	trial.Run = p.runName(s.cellIndex, s.pair, s.position)
	if err != nil {
		trial.Error = err.Error()
	}
	return trial
}

func (r *Runner) measure(ctx context.Context, p Plan, s spot, track *tracker) (trial results.Trial, err error) {
	track.phase(s, Starting, 0)
	if err := reset(ctx, p.Reset, s.target, s.cell.Scenario.Name); err != nil {
		return trial, err
	}
	server, err := r.Open(ctx, s.target)
	if err != nil {
		return trial, err
	}
	defer func() {
		// Not the run's context: a server is stopped after an interrupt too.
		if stopErr := server.Stop(context.WithoutCancel(ctx)); stopErr != nil && err == nil {
			err = fmt.Errorf("%s did not stop: %w", s.target.Name, stopErr)
		}
	}()
	return r.load(ctx, p, s, track)
}

// load drives the server: a warm-up run of its own where the script has none,
// then the measured run.
func (r *Runner) load(ctx context.Context, p Plan, s spot, track *tracker) (results.Trial, error) {
	options, command, err := r.prepare(p, s)
	if err != nil {
		return results.Trial{}, err
	}
	if command.WarmupSeconds > 0 {
		track.phase(s, WarmingUp, time.Duration(command.WarmupSeconds)*time.Second)
		warmup := options
		warmup.Duration = time.Duration(command.WarmupSeconds) * time.Second
		if _, err := r.Generate(ctx, warmup); err != nil {
			return results.Trial{}, fmt.Errorf("during warm-up: %w", err)
		}
	}
	track.phase(s, Measuring, s.cell.takes())
	out, err := r.Generate(ctx, options)
	trial, figuresErr := figures(out, s.cell.Scenario.Load.Think)
	if err == nil {
		err = figuresErr
	}
	if err == nil && out.Interrupted {
		err = errors.New("interrupted: the figures are of a shorter run")
	}
	return trial, err
}

// figures turns what wrk left into a trial, as far as there is anything.
func figures(out wrk.Output, think scenarios.Think) (results.Trial, error) {
	record := &results.WrkRun{Argv: out.Argv, Text: string(out.Stdout), Stderr: string(out.Stderr)}
	if len(out.Block) == 0 {
		return results.Trial{Wrk: record}, errors.New("the script handed over no figures")
	}
	block, err := parse.ReadBlock(out.Block)
	if err != nil {
		return results.Trial{Wrk: record}, err
	}
	record.Requests, record.DurationUS = block.Wrk.Requests, block.Wrk.DurationUS
	record.ReadErrors, record.WriteErrors = block.Wrk.Errors.Read, block.Wrk.Errors.Write
	if block.Wrk.DurationUS > 0 {
		record.RequestsPS = float64(block.Wrk.Requests) / (float64(block.Wrk.DurationUS) / 1e6)
	}
	trial, err := results.NewTrial(block, results.Circumstances{ThinkMean: think.Mean, Wrk: record})
	trial.Warnings = append(trial.Warnings, out.Warnings...)
	return trial, err
}

// prepare writes the script and says how wrk is to be called with it.
func (r *Runner) prepare(p Plan, s spot) (wrk.Options, lua.Command, error) {
	seed := p.trialSeed(s.cellIndex, s.pair)
	variant := s.cell.Scenario.For(s.target.Name)
	options := s.cell.luaOptions(s.target, seed)
	script, err := lua.Generate(variant, options)
	if err != nil {
		return wrk.Options{}, lua.Command{}, err
	}
	name := fmt.Sprintf("%s-%d-%s", s.cell.Scenario.Name, s.cell.Connections, s.target.Name)
	path := filepath.Join(r.Dir, name+".lua")
	if err := os.WriteFile(path, script, 0o644); err != nil {
		return wrk.Options{}, lua.Command{}, source.WithHint(err, "taskbench keeps scripts in the temporary folder while they run; set TMPDIR to one that is writable")
	}
	command := lua.CommandFor(variant, options)
	return wrk.Options{
		Path: r.Wrk.Path, URL: s.target.URL, Script: path,
		Threads: command.Threads, Connections: command.Connections,
		Duration: time.Duration(command.Seconds) * time.Second,
		Timeout:  time.Duration(command.TimeoutSeconds) * time.Second,
		OutFile:  filepath.Join(r.Dir, name+".json"),
		RunName:  p.runName(s.cellIndex, s.pair, s.position),
		Seed:     seed,
	}, command, nil
}

// reset runs the user's hook, which brings data back to where every trial begins.
func reset(ctx context.Context, command string, t target.Spec, scenario string) error {
	if command == "" {
		return nil
	}
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env = append(os.Environ(), "TASKBENCH_TARGET="+t.Name, "TASKBENCH_URL="+t.URL, "TASKBENCH_SCENARIO="+scenario)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("reset hook %q: %w\n%s", command, err, strings.TrimSpace(string(out)))
	}
	return nil
}
