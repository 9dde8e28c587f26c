package results

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHostileDocumentsAreRefusedByField(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*Document)
		want   string
	}{
		"implementation":  {func(d *Document) { d.Implementation = "../../../escaped" }, "implementation: "},
		"session":         {func(d *Document) { d.Session = "../../x" }, "session: "},
		"session a flag":  {func(d *Document) { d.Session = "--reset=x" }, "session: "},
		"baseline":        {func(d *Document) { d.Baseline = "a/b" }, "baseline: "},
		"planned target":  {func(d *Document) { d.Plan.Targets[1] = `..\x` }, "plan.targets[1]: "},
		"scenario":        {func(d *Document) { d.Scenarios[0].Scenario = "../../TRAV" }, "scenarios[0].scenario: "},
		"step":            {func(d *Document) { d.Scenarios[0].Steps[1] = "a\x1b[31m" }, "scenarios[0].steps[1]: "},
		"step of a trial": {func(d *Document) { d.Scenarios[0].Trials[0].Steps[0].Name = "a/../../b" }, "scenarios[0].trials[0].steps[0].name: "},
		"file beside": {func(d *Document) {
			d.Scenarios[0].Trials[0].CPU = &CPUProfile{Files: []string{"a.html", "../../../b.html"}}
		}, "scenarios[0].trials[0] files[1]: "},
		"absolute file":     {func(d *Document) { d.Scenarios[0].Trials[0].Heap = &HeapProfile{Files: []string{"/etc/passwd"}} }, "scenarios[0].trials[0] files[0]: "},
		"ended and counted": {func(d *Document) { d.Scenarios[0].Trials[0].Ended = &Ended{Code: ServerEnded} }, "scenarios[0].trials[0].error: it is empty, although the server ended"},
		"count":             {func(d *Document) { d.Scenarios[0].Trials[0].Good = 1 << 63 }, "scenarios[0].trials[0].good: 9.223e+18 is impossibly large"},
		"speed":             {func(d *Document) { d.Scenarios[0].Trials[0].ThroughputPS = 1e308 }, "scenarios[0].trials[0].throughput_per_s: 1e+308 is impossibly large"},
		"negative":          {func(d *Document) { d.Scenarios[0].Trials[0].ThroughputPS = -5 }, "scenarios[0].trials[0].throughput_per_s: -5 is below zero"},
		"negative pair":     {func(d *Document) { d.Scenarios[0].Trials[0].Pair = -1 }, "scenarios[0].trials[0].pair: -1 is below zero"},
		"connections":       {func(d *Document) { d.Scenarios[0].Load.Connections = 1 << 40 }, "scenarios[0].load.connections: "},
		"seconds":           {func(d *Document) { d.Scenarios[0].Load.DurationS = 1e10 }, "scenarios[0].load.duration_s: "},
		"pointer":           {func(d *Document) { d.Scenarios[0].Trials[0].Resources = &Resources{ServerCPUS: new(-1.0)} }, "scenarios[0].trials[0].resources.server_cpu_s: -1 is below zero"},
		"list":              {func(d *Document) { d.Scenarios[0].Trials[0].GoodPerS[1] = 1 << 62 }, "scenarios[0].trials[0].good_each_second[1]: "},
		"map":               {func(d *Document) { d.Scenarios[0].Trials[0].Steps[0].Statuses["201"] = 1 << 62 }, "scenarios[0].trials[0].steps[0].statuses[201]: "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc := sampleDocument(t, "rust", "s1")
			c.change(doc)
			text, err := Encode(doc)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "load_test_2026-11-28.json")
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err = ReadFile(path); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("read as fine, or without %q: %v", c.want, err)
			}
		})
	}
}

// A document that lies about whose it is must not be listed either: what is
// listed is copied and referred to by name, without being read whole.
func TestHostileHeadIsNotListed(t *testing.T) {
	t.Parallel()
	s := &Store{Dir: t.TempDir()}
	doc := sampleDocument(t, "../../../escaped", "s1")
	text, err := Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(s.Dir, "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.Dir, "a", "load_test_2026-11-28.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if entries, problems := s.List(); len(entries) != 0 || len(problems) != 1 {
		t.Errorf("listed %v, problems %v", entries, problems)
	}
}

func TestLinksThatLeaveTheStore(t *testing.T) {
	t.Parallel()
	outside := t.TempDir()
	s := &Store{Dir: t.TempDir()}
	kept := saved(t, s, sampleDocument(t, "rust", "s1"))
	if err := os.Symlink(outside, filepath.Join(s.Dir, "windjammer")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save(sampleDocument(t, "windjammer", "s1")); err == nil {
		t.Error("saved through a link")
	}
	entries, _ := s.List()
	if err := os.Symlink(outside, filepath.Join(s.Dir, baselines)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveBaseline("main", entries, false); err == nil {
		t.Error("a baseline was saved through a link")
	}
	if files, _ := os.ReadDir(outside); len(files) != 0 {
		t.Errorf("written outside the store: %v", files)
	}
	elsewhere := filepath.Join(outside, "x.json")
	if err := os.Rename(kept, elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, kept); err != nil {
		t.Fatal(err)
	}
	if entries, problems := s.List(); len(entries) != 0 || len(problems) != 1 {
		t.Errorf("a link out of the store was read: %v, %v", entries, problems)
	}
}

func TestWhatIsNoFileIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	s := &Store{Dir: t.TempDir()}
	saved(t, s, sampleDocument(t, "rust", "s1"))
	fifo(t, filepath.Join(s.Dir, "rust", "load_test_2026-11-24.json"))
	if err := os.Symlink("/dev/zero", filepath.Join(s.Dir, "rust", "load_test_2026-11-25.json")); err != nil {
		t.Fatal(err)
	}
	if entries, problems := s.List(); len(entries) != 1 || len(problems) != 2 {
		t.Errorf("%d entries, problems %v", len(entries), problems)
	}
}

func saved(t *testing.T, s *Store, d *Document) string {
	t.Helper()
	path, err := s.Save(d)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// What is kept holds no secret, wherever a document quotes something, and is for
// its owner alone; names stay what they are.
func TestSavedWithoutSecrets(t *testing.T) {
	t.Parallel()
	d := sampleDocument(t, "hush", "s1")
	d.Target.URL, d.Target.Start, d.Plan.Reset = "http://u:hush@h", "./x hush", "reset hush"
	tr := &d.Scenarios[0].Trials[0]
	tr.Error, tr.Steps[0].Example.Body, tr.Wrk.Argv = "said hush", `{"a":"hush"}`, []string{"wrk", "hush"}
	s := &Store{Dir: t.TempDir(), Hide: func(text string) string { return strings.ReplaceAll(text, "hush", "***") }}
	path := saved(t, s, d)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "hush"); n != 1 {
		t.Errorf("%d places hold the secret, of which one is a name:\n%s", n, text)
	}
	if n := strings.Count(string(text), "***"); n != 6 {
		t.Errorf("%d places were hidden, not 6:\n%s", n, text)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
}
