package bench

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/wrk"
)

// TestLiveFiguresReachTheProgress lets a generator tell of two seconds, and
// waits for them to be told on before it ends.
func TestLiveFiguresReachTheProgress(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 1)
	r := w.runner(t)
	var mu sync.Mutex
	var events []Event
	r.Progress = func(e Event) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, e)
	}
	told := func() int {
		mu.Lock()
		defer mu.Unlock()
		return events[len(events)-1].Live.Seconds
	}
	r.Live = true
	r.Generate = func(ctx context.Context, o wrk.Options) (wrk.Output, error) {
		for second, line := range []string{"0 10 1\n", "1 30 2\n"} {
			appendTo(t, o.LiveFile, line)
			for deadline := time.Now().Add(time.Minute); told() <= second && time.Now().Before(deadline); {
				time.Sleep(time.Millisecond)
			}
		}
		return w.generate(ctx, o)
	}
	if _, err := r.Run(t.Context(), p, survey(p), begin(p)); err != nil {
		t.Fatal(err)
	}
	var live, ended []Event
	for _, e := range events {
		switch {
		case e.Live.Seconds > 0:
			live = append(live, e)
		case e.Phase == Ended:
			ended = append(ended, e)
		}
	}
	if len(live) != 4 || live[1].Live.GoodPS != 30 || live[1].Live.Failed != 3 || live[1].Phase != Measuring || live[2].Live.GoodPS != 10 {
		t.Errorf("told of the running trials: %+v, want each second of each, from the beginning", live)
	}
	if len(ended) != 2 || ended[0].Trial == nil || ended[0].Trial.Good != 1 || ended[0].Done != 1 {
		t.Errorf("told of the trials that ended: %+v", ended)
	}
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Error(err)
		return
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		t.Error(err)
	}
}

func TestNobodyAsksWhenNobodyWatches(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 1)
	r := w.runner(t)
	r.Generate = func(ctx context.Context, o wrk.Options) (wrk.Output, error) {
		if o.LiveFile != "" {
			t.Errorf("a script is asked to tell to %s", o.LiveFile)
		}
		return w.generate(ctx, o)
	}
	if _, err := r.Run(t.Context(), p, survey(p), begin(p)); err != nil {
		t.Fatal(err)
	}
}

// TestWarmUpIsNotWatched: a warm-up that is a run of its own tells nothing,
// which would be taken for the trial's.
func TestWarmUpIsNotWatched(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 1)
	s := scenario(t, "name: one\nload: {connections: 1, duration: 1s, warmup: 2s}\nrequest: {request: GET /, expect: {status: 200}}\n")
	p.Scenarios[0] = s
	p.Cells = NewCells(p.Scenarios, Overrides{})
	r := w.runner(t)
	r.Live = true
	var asked []string
	r.Generate = func(ctx context.Context, o wrk.Options) (wrk.Output, error) {
		asked = append(asked, o.Duration.String()+" "+map[bool]string{true: "watched"}[strings.HasSuffix(o.LiveFile, ".live")])
		return w.generate(ctx, o)
	}
	if _, err := r.Run(t.Context(), p, survey(p), begin(p)); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(asked, ", "); got != "2s , 1s watched, 2s , 1s watched" {
		t.Errorf("runs: %s", got)
	}
}
