package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/olekukonko/tablewriter"

	"taskbench/internal/cmd/lab"
	"taskbench/internal/figure"
	"taskbench/internal/slots"
)

// trialled is a kind of run that is made again and again.
type trialled struct {
	slow    string
	within  time.Duration
	finds   int // of 20 runs, at least, in which CPU time per answer names it; 0: the same server twice
	named   int
	wrongly int
	percent []float64 // that it was read as
	said    []string  // that was false
}

// verdicts makes whole runs as users do, and counts what they state.
func verdicts(ctx context.Context, b *bench) error {
	list := []*trialled{{slow: "10%", within: 30 * time.Second, finds: 19}, {slow: "0%", within: 30 * time.Second}, {slow: "5%", within: 2 * time.Minute, finds: 18}}
	for i := range b.runs {
		for _, t := range list {
			if !strings.Contains("--slow "+t.slow, b.only) {
				continue
			}
			if err := b.state(ctx, t, int64(i)); err != nil {
				return errors.Join(err, b.printVerdicts(list))
			}
			fmt.Fprintf(b.stderr, "verdicts: run %d of %d, --slow %s in %v: read as %+.1f %%, named %d, false %d %q (load %s)\n",
				i+1, b.runs, t.slow, t.within, mean(t.percent), t.named, t.wrongly, t.said, load())
		}
	}
	return b.printVerdicts(list)
}

const configuration = `targets:
  base: {url: "http://%s", start: '%s serve --addr %s'}
  candidate: {url: "http://%s", start: '%s serve --addr %s --slow %s'}
baseline: base
`

// state makes one run, and counts what it states of any figure.
func (b *bench) state(ctx context.Context, t *trialled, i int64) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "precision-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	one, err1 := lab.FreeAddress()
	other, err2 := lab.FreeAddress()
	text := fmt.Sprintf(configuration, one, self, one, other, self, other, t.slow)
	if err := errors.Join(err1, err2, os.WriteFile(filepath.Join(dir, "taskbench.yaml"), []byte(text), 0o600)); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "run", "projects", "--suite", "taskflow", "--slot", slots.DefaultSlot.String(), "--pin", "--seed", fmt.Sprint(b.seed+i), "--max-time", t.within.String(), "--ignore-lock", "--format", "json")
	var out, said bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w\n%s", err, said.Bytes())
	}
	return t.count(out.Bytes())
}

// stated is of the JSON of a run what is needed here.
type stated struct {
	Scenarios []struct {
		Rows []struct {
			Step, Metric string
			Values       []struct {
				Ratio *struct {
					Ratio     float64
					Judgement *struct {
						Claim struct {
							Stated  bool
							Verdict string
						}
					}
				}
			}
		}
	}
}

func (t *trialled) count(answer []byte) error {
	var s stated
	if err := json.Unmarshal(answer, &s); err != nil {
		return err
	}
	named, wrong := false, false
	for _, row := range s.Scenarios[0].Rows {
		ratio := row.Values[1].Ratio
		if ratio == nil || ratio.Judgement == nil {
			continue
		}
		claim := ratio.Judgement.Claim
		if row.Step == "" && row.Metric == figure.CPUPerAnswer.Key {
			named = claim.Stated && worse[claim.Verdict]
			t.percent = append(t.percent, 100*(ratio.Ratio-1))
		}
		// A server that burns more CPU time may well answer sooner on a machine that is
		// busy (it does so in turn, too): only of its CPU time the truth is known.
		known := t.finds == 0 || row.Metric == figure.CPUPerAnswer.Key
		if claim.Stated && known && (better[claim.Verdict] || t.finds == 0 && worse[claim.Verdict]) {
			t.said = append(t.said, fmt.Sprintf("%s %s: %s by %+.1f %%", row.Step, row.Metric, claim.Verdict, 100*(ratio.Ratio-1)))
			wrong = true
		}
	}
	t.named += map[bool]int{true: 1}[named]
	t.wrongly += map[bool]int{true: 1}[wrong]
	return nil
}

func (b *bench) printVerdicts(list []*trialled) error {
	fmt.Fprintf(b.stdout, "\nwhole runs of the flow projects, everything included, %d of each\n", b.runs)
	table := tablewriter.NewWriter(b.stdout)
	table.Header("candidate", "time", "named by cpu/answer", "bar", "", "read as", "off by", "bar", "", "false statements", "bar", "")
	for _, t := range list {
		if len(t.percent) == 0 {
			continue
		}
		least := (t.finds*b.runs + 19) / 20
		found, estimate, close := "–", "–", "–"
		if t.finds > 0 {
			found = b.bar(t.named >= least)
		}
		want := 0.0
		_, _ = fmt.Sscanf(t.slow, "%f%%", &want)
		off := mean(t.percent) - want
		if t.slow == "10%" {
			estimate, close = "≤ 2.5", b.bar(off <= 2.5 && off >= -2.5)
		}
		_ = table.Append("--slow "+t.slow, t.within, fmt.Sprintf("%d of %d", t.named, len(t.percent)), fmt.Sprintf("≥ %d", least), found,
			fmt.Sprintf("%+.1f %%", mean(t.percent)), fmt.Sprintf("%+.1f", off), estimate, close, t.wrongly, "0", b.bar(t.wrongly == 0))
	}
	return table.Render()
}

// The words of verdicts, of speeds and of costs.
var (
	better = map[string]bool{"faster": true, "less": true}
	worse  = map[string]bool{"slower": true, "more": true}
)
