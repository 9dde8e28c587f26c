package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"taskbench/compare"
	"taskbench/internal/bench"
	"taskbench/internal/profile"
	"taskbench/internal/server"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/wrk"
)

// profileHeap is `memory --heaptrack`: it starts every target under heaptrack,
// loads it once, and stores and prints what it allocated. Servers are several
// times slower under heaptrack: of the load only the number of answers counts.
func profileHeap(ctx context.Context, f *profiling) error {
	tool, err := profile.FindHeaptrack(ctx)
	if err != nil {
		return err
	}
	h := &heapRun{tool: tool, dir: f.runner.Dir, recorded: map[string]profile.HeapResult{}}
	for _, spec := range f.plan.Targets { // what heaptrack cannot follow is refused before any load
		if _, err := tool.Wrap(spec, ""); err != nil {
			return err
		}
	}
	f.runner.Generate = func(ctx context.Context, options wrk.Options) (out wrk.Output, err error) {
		out, h.current.window, err = generate(ctx, options)
		return out, err
	}
	f.runner.Open = h.open
	f.runner.Save = func(d *results.Document) error {
		if t := lastTrial(d); t != nil && h.has(d.Implementation) {
			t.Heap = h.figures(d.Implementation, t)
		}
		return f.save(d, results.Memory)
	}
	docs, _, err := carryOut(ctx, f.runner, f.plan, nil, f.display)
	if !measured(docs) {
		return err
	}
	pages, storeErr := storeHeap(f, docs, h.recorded)
	return errors.Join(err, storeErr, f.print(compare.HeapProfile, docs, pages...))
}

// heapRun is what is known of the targets while they are measured.
type heapRun struct {
	tool     profile.Heaptrack
	dir      string
	recorded map[string]profile.HeapResult // of the newest run that was stopped, by target
	current  *tracked
	runs     int
}

// tracked is a server under heaptrack: when it is stopped, its recording is read.
type tracked struct {
	*server.Server
	run     *heapRun
	file    string
	beganUS float64 // by the monotonic clock
	began   error   // why that is not known
	window  profile.Window
}

func (h *heapRun) open(ctx context.Context, spec server.Spec) (bench.Server, error) {
	h.runs++
	file := filepath.Join(h.dir, fmt.Sprintf("heap-%d", h.runs))
	wrapped, err := h.tool.Wrap(spec, file)
	if err != nil {
		return nil, err
	}
	server, err := server.Open(ctx, wrapped)
	if err != nil {
		return nil, fmt.Errorf("under heaptrack: %w", err)
	}
	h.current = &tracked{Server: server, run: h, file: file}
	h.current.beganUS, h.current.began = profile.BeganUS(server)
	return h.current, nil
}

// Stop ends the server and reads its recording.
func (t *tracked) Stop(ctx context.Context) error {
	if err := t.run.tool.Stop(ctx, t.Server); err != nil {
		return err
	}
	if t.window.FromUS == 0 {
		return nil // it was not loaded
	}
	r, err := t.run.tool.Profile(t.file, t.beganUS, t.window)
	if err := cmp.Or(t.began, err); err != nil {
		r.Profile = results.HeapProfile{Tool: "heaptrack " + t.run.tool.Version, Missing: profile.Sentence(err)}
		r.Trees = nil
	}
	t.run.recorded[t.Spec().Name] = r
	return nil
}

func (h *heapRun) has(name string) bool {
	_, ok := h.recorded[name]
	return ok
}

// figures joins a recording with the answers it was made for.
func (h *heapRun) figures(name string, t *results.Trial) *results.HeapProfile {
	p := h.recorded[name].Profile
	if p.Answers = t.Answers; p.Answers > 0 {
		p.AllocationsPerAnswer = float64(p.Allocations) * p.LengthS / max(p.CoveredS, p.LengthS/2) / float64(p.Answers)
	}
	p.Notes = append(p.Notes, "heaptrack slows a server down: compare what is counted, not the speed")
	return &p
}

// heapFiles names the folded stacks of each cost.
var heapFiles = map[parse.HeapCost]string{
	parse.HeapCalls: ".allocations.folded", parse.HeapTemporary: ".temporary.folded",
	parse.HeapPeak: ".peak_bytes.folded", parse.HeapLeaked: ".leaked_bytes.folded",
}

// storeHeap writes folded stacks for each target and one page of flame graphs
// of allocations for all.
func storeHeap(f *profiling, docs []*results.Document, recorded map[string]profile.HeapResult) ([]string, error) {
	page := profile.Page{Title: "heap allocations: " + f.plan.Cells[0].Name(), Unit: "allocations"}
	for _, d := range baselineFirst(docs) {
		r, t := recorded[d.Implementation], lastTrial(d)
		if t == nil || t.Heap == nil || r.Trees == nil || t.Heap.Missing != "" {
			continue
		}
		for cost := parse.HeapCalls; cost <= parse.HeapLeaked; cost++ {
			name, err := f.beside(d.Implementation, heapFiles[cost], r.Trees[cost].WriteFolded)
			if err != nil {
				return nil, err
			}
			t.Heap.Files = append(t.Heap.Files, name)
		}
		if err := f.save(d, results.Memory); err != nil {
			return nil, err
		}
		page.Graphs = append(page.Graphs, profile.Graph{Name: d.Implementation, Tree: r.Trees[parse.HeapCalls]})
		page.About = append(page.About, about(d, fmt.Sprintf("%d allocations for %d answers in the window of %.1f s, by %s; %d before and after it are left out",
			t.Heap.Allocations, t.Heap.Answers, t.Heap.LengthS, t.Heap.Tool, t.Heap.AllocationsLeftOut)))
	}
	if len(page.Graphs) == 0 {
		return nil, nil
	}
	path, err := f.pageFile("heap", docs[0].Created, func(w io.Writer) error { return profile.WritePage(w, page) })
	return []string{path}, errors.Join(err, f.recordPage(docs, path, results.Memory))
}
