//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/slots"
	"taskbench/parse"
	"taskbench/results"
)

// prepareTurns writes the script of a bench in slots.
func (l *line) prepareTurns(url string, d time.Duration) error {
	source, _, err := l.generate(url, d, 1)
	if err != nil {
		return err
	}
	l.turns = l.script + ".turns.lua"
	return os.WriteFile(l.turns, source, 0o600)
}

// patience is how long wrk may run at most.
const patience = 60

// runTurns plays a schedule of one place, so that every slot is its own.
func (l *line) runTurns(pin []string, url string, d time.Duration) (figures, error) {
	board, err := slots.New(filepath.Join(filepath.Dir(l.turns), "board"), 1)
	if err != nil {
		return figures{}, err
	}
	defer board.Close()
	block := l.turns + ".json"
	defer os.Remove(block)
	n := strconv.Itoa(l.connections)
	args := append(pin[1:], "wrk", "-t", n, "-c", n, "-d", strconv.Itoa(patience), "-s", l.turns, url)
	cmd := exec.Command(pin[0], args...)
	cmd.Env = append(os.Environ(), "TASKBENCH_OUT="+block)
	for name, value := range board.Env(0) {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if err := cmd.Start(); err != nil {
		return figures{}, err
	}
	board.Skip(0)
	for begun := time.Now(); !board.Ready(0) && time.Since(begun) < patience*time.Second; {
		time.Sleep(time.Millisecond)
	}
	s := slots.NewSchedule(1, d, slots.DefaultSlot, slots.DefaultGap, 1)
	s.StartUS = machine.NowUS() + 30_000
	board.Begin(1, s)
	if err := cmd.Wait(); err != nil {
		return figures{}, err
	}
	return readTurns(block, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
}

func readTurns(file string, cpu time.Duration) (figures, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return figures{}, err
	}
	block, err := parse.ReadBlock(text)
	if err != nil {
		return figures{}, err
	}
	trial, err := results.NewTrial(block, results.Circumstances{})
	if err != nil || trial.Error != "" || trial.Failures() > 0 {
		return figures{}, fmt.Errorf("in slots: %d failures, %s, %w", trial.Failures(), trial.Error, err)
	}
	requests := float64(block.Wrk.Requests)
	return figures{throughput: trial.ThroughputPS, requests: requests, cpuMicros: float64(cpu.Microseconds()) / requests}, nil
}
