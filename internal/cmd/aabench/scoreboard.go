package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"taskbench/compare/gate"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/cmd/lab"
	"taskbench/internal/figure"
	"taskbench/internal/machine"
)

// score is one run of the scoreboard, a line of its tally. The tally is all
// that a night's work leaves: it is written run by run, and gone on with.
type score struct {
	At         time.Time `json:"at"`
	Seed       int64     `json:"seed"`
	Slower     string    `json:"slower"` // what the candidate is slower by: "0%" is the same server
	Setting    string    `json:"setting"`
	Load       float64   `json:"load_average_before"`
	Word       string    `json:"word"`       // of the headline
	Gate       string    `json:"gate"`       // its outcome
	Statements []string  `json:"statements"` // but parity: "p95 slower"
	Parities   int       `json:"at_parity"`  // primary metrics
	Figures    []shown   `json:"figures"`    // primary metrics of whole scenarios
	Elapsed    float64   `json:"elapsed_s"`
}

// shown is a primary metric's ratio with its own 95 % interval.
type shown struct {
	Metric string  `json:"metric"`
	Ratio  float64 `json:"ratio"`
	Low    float64 `json:"low"` // 0: none
	High   float64 `json:"high"`
	Stated string  `json:"stated"` // a verdict; "inconclusive"
}

// sizes are what the candidate is slower by, in the order of the runs: as many
// runs of the same server as make a rate of false alarms worth reading.
var sizes = []string{"0%", "0%", "5%", "0%", "10%", "0%", "15%", "0%"}

// keepScore goes on with a tally until it has the runs of a server against itself
// that are asked for, and prints it. The runs of another setting stay, and are
// not counted.
func keepScore(ctx context.Context, a asked, path string, stdout, stderr io.Writer) error {
	all, err := readScores(path)
	if err != nil {
		return err
	}
	l, end, err := a.lab(ctx)
	if err != nil {
		return err
	}
	defer end()
	stop, err := neighbours()
	if err != nil {
		return err
	}
	defer stop()
	for {
		mine := ofSetting(all, a.setting())
		if same := len(ofSize(mine, "0%")); same >= a.same || ctx.Err() != nil {
			break
		}
		s, err := a.score(ctx, l, sizes[len(mine)%len(sizes)], a.seed+int64(len(mine)))
		if ctx.Err() != nil {
			break // it was stopped, and is gone on with
		}
		if err != nil {
			return err
		}
		if err := appendScore(path, s); err != nil {
			return err
		}
		all = append(all, s)
		fmt.Fprintf(stderr, "run %d, %s slower: %s, gate %s, %s\n", len(mine)+1, s.Slower, s.Word, s.Gate, strings.Join(s.Statements, ", "))
	}
	printScores(stdout, a, ofSetting(all, a.setting()))
	return nil
}

// setting is what makes two runs of a tally comparable.
func (a asked) setting() string {
	how := "whole trials"
	if a.slots {
		how = "slots"
	}
	if a.pin {
		how += ", pinned"
	}
	if a.k6 {
		how += ", k6"
	}
	if a.hosts > 0 {
		how += fmt.Sprintf(", sent by %d processes", a.hosts)
	}
	return fmt.Sprintf("%s, %d virtual users, %d pairs of %v after %v, %s", a.scenario, a.users, a.pairs, a.duration, a.warmup, how)
}

// score makes one run and says what came of it.
func (a asked) score(ctx context.Context, l *lab.Lab, share string, seed int64) (score, error) {
	s := score{At: time.Now().UTC().Truncate(time.Second), Seed: seed, Slower: share, Setting: a.setting(), Load: machine.Describe().LoadBefore, Statements: []string{}}
	c, err := a.measure(ctx, l, share, seed)
	if err != nil {
		return s, err
	}
	g, err := gate.Of(c, gate.Options{Rule: stats.DefaultGate()})
	if err != nil {
		return s, err
	}
	s.Word, s.Gate, s.Elapsed = string(c.Summary.Headline[0].Word), string(g.Outcome), time.Since(s.At).Seconds()
	for _, row := range c.Scenarios[0].Rows {
		if x := row.Cells[1].Ratio; x != nil && x.Verdict != nil {
			s.row(row, x.Verdict)
		}
	}
	return s, nil
}

// row notes what is stated of a row, and its figures where it is a primary one.
func (s *score) row(row verdict.Row, v *verdict.Verdict) {
	name := strings.TrimSpace(row.Step + " " + row.Metric.Key)
	switch {
	case v.Verdict == stats.Parity:
		s.Parities++
	case v.Claim.Stated:
		s.Statements = append(s.Statements, name+" "+string(v.Verdict))
	}
	if v.Claim.Drifts {
		s.Statements = append(s.Statements, name+" drifts")
	}
	if v.Claim.Ordered {
		s.Statements = append(s.Statements, name+" depends on the order")
	}
	if row.Step == "" && row.Metric.Primary {
		s.Figures = append(s.Figures, shown{row.Metric.Key, v.Ratio, v.CI.Low, v.CI.High, string(v.Verdict)})
	}
}

func (s score) of(m *figure.Figure) (shown, bool) {
	for _, f := range s.Figures {
		if f.Metric == m.Key {
			return f, true
		}
	}
	return shown{}, false
}

func ofSetting(all []score, setting string) []score {
	return having(all, func(s score) bool { return s.Setting == setting })
}

func ofSize(all []score, share string) []score {
	return having(all, func(s score) bool { return s.Slower == share })
}

func having(all []score, is func(score) bool) []score {
	var list []score
	for _, s := range all {
		if is(s) {
			list = append(list, s)
		}
	}
	return list
}

// readScores reads a tally; none yet is an empty one. A last line that was cut
// off, when the machine was switched off say, is no run, and is taken away.
func readScores(path string) ([]score, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if whole := bytes.LastIndexByte(text, '\n') + 1; whole < len(text) {
		if err := os.Truncate(path, int64(whole)); err != nil {
			return nil, err
		}
		text = text[:whole]
	}
	var all []score
	for line := range bytes.Lines(text) {
		var s score
		if err := json.Unmarshal(line, &s); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, len(all)+1, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func appendScore(path string, s score) error {
	line, err := json.Marshal(s)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}
