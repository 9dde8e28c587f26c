package results

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/source"
)

// sampleStore holds three sessions: both implementations on the 22nd, both on
// the 23rd at noon, rust alone an hour later; and a memory document.
func sampleStore(t *testing.T) *Store {
	t.Helper()
	s := &Store{Dir: t.TempDir()}
	add := func(implementation, session string, created time.Time, kind Kind) {
		d := sampleDocument(t, implementation, session)
		d.Created, d.Kind = created, kind
		save(t, s, d)
	}
	add("rust", "aa11", noon.Add(-24*time.Hour), LoadTest)
	add("windjammer", "aa11", noon.Add(-24*time.Hour), LoadTest)
	add("rust", "ab22", noon, LoadTest)
	add("windjammer", "ab22", noon, LoadTest)
	add("rust", "cc33", noon.Add(time.Hour), LoadTest)
	add("rust", "dd44", noon.Add(2*time.Hour), Memory)
	return s
}

func names(t *testing.T, s *Store, entries []Entry) []string {
	t.Helper()
	var got []string
	for _, e := range entries {
		rel, err := filepath.Rel(s.Dir, e.Path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(rel))
	}
	return got
}

func TestListSkipsAndReports(t *testing.T) {
	t.Parallel()
	s := sampleStore(t)
	whole, err := os.ReadFile(filepath.Join(s.Dir, "rust", "load_test_2026-11-22.json"))
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(s.Dir, "rust", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("load_test_cut.json", string(whole[:len(whole)/2]))
	put("load_test_empty.json", "")
	put("load_test_newer.json", strings.Replace(string(whole), `"schema": 1`, `"schema": 2`, 1))
	put("load_test_other.json", `{"schema": 1, "kind": "load_test"}`)
	put("load_test_shape.json", "{\n  \"schema\": 1,\n  \"scenarios\": 7\n}\n")
	put("load_test_compact.json", `{"schema":1,"kind":"load_test","session":"zz","implementation":"rust","created":"2026-11-01T00:00:00Z"}`)
	put("notes.json", "not ours")
	put("load_test_backup.txt", "not ours")

	entries, problems := s.List()
	want := []string{
		"rust/memory_2026-11-23.json", "rust/load_test_2026-11-23_2.json", "rust/load_test_2026-11-23.json", "windjammer/load_test_2026-11-23.json",
		"rust/load_test_2026-11-22.json", "windjammer/load_test_2026-11-22.json", "rust/load_test_compact.json",
	}
	if diff := cmp.Diff(want, names(t, s, entries)); diff != "" {
		t.Error(diff)
	}
	wantProblems := map[string]string{
		"load_test_cut.json":   "not valid JSON: unexpected end of JSON input",
		"load_test_empty.json": "the file is empty",
		"load_test_newer.json": "result schema 2 is newer than this build's 1",
		"load_test_other.json": `not a taskbench result: "implementation" is missing`,
		"load_test_shape.json": "scenarios is a JSON number, expected []results.Measurement",
	}
	got := make(map[string]string)
	for _, p := range problems {
		var e *source.Error
		if !errors.As(p, &e) || e.Hint == "" {
			t.Fatalf("%v is no source.Error with a hint", p)
		}
		got[filepath.Base(e.Pos.File)] = e.Message
	}
	if diff := cmp.Diff(wantProblems, got); diff != "" {
		t.Error(diff)
	}
}

func TestListOfNothing(t *testing.T) {
	t.Parallel()
	s := Store{Dir: filepath.Join(t.TempDir(), "missing")}
	entries, problems := s.List()
	if len(entries)+len(problems) > 0 {
		t.Errorf("got %v, %v", entries, problems)
	}
	_, err := s.Resolve("latest")
	if err == nil || !strings.Contains(err.Error(), "taskbench run") {
		t.Errorf("got %v", err)
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	s := sampleStore(t)
	sessions, problems := s.Sessions()
	var got []string
	for _, g := range sessions {
		got = append(got, g.ID+": "+strings.Join(names(t, s, g.Entries), " "))
	}
	want := []string{
		"dd44: rust/memory_2026-11-23.json",
		"cc33: rust/load_test_2026-11-23_2.json",
		"ab22: rust/load_test_2026-11-23.json windjammer/load_test_2026-11-23.json",
		"aa11: rust/load_test_2026-11-22.json windjammer/load_test_2026-11-22.json",
	}
	if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
		t.Error(diff, problems)
	}
	if g, ok := Latest(sessions); !ok || g.ID != "ab22" {
		t.Errorf("latest is %v", g.ID)
	}
	if g, ok := Latest(sessions[:2]); !ok || g.ID != "cc33" || len(g.Entries) != 1 {
		t.Errorf("latest of one implementation is %v", g)
	}
	if _, ok := Latest(sessions[:1]); ok {
		t.Error("a memory document is no load test")
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	s := sampleStore(t)
	path := filepath.Join(s.Dir, "windjammer", "load_test_2026-11-22.json")
	both := []string{"rust/load_test_2026-11-23.json", "windjammer/load_test_2026-11-23.json"}
	cases := []struct {
		ref  string
		want []string
		err  string
	}{
		{ref: "latest", want: both},
		{ref: "rust", want: []string{"rust/load_test_2026-11-23_2.json"}},
		{ref: "rust/latest", want: []string{"rust/load_test_2026-11-23_2.json"}},
		{ref: "windjammer", want: both[1:]},
		{ref: "rust@2026-11-22", want: []string{"rust/load_test_2026-11-22.json"}},
		{ref: "rust@2026-11-23", want: []string{"rust/load_test_2026-11-23_2.json"}},
		{ref: "rust@2026-11-23_1", want: []string{"rust/load_test_2026-11-23.json"}},
		{ref: "rust@memory_2026-11-23", want: []string{"rust/memory_2026-11-23.json"}},
		{ref: "rust@load_test_2026-11-23_2", want: []string{"rust/load_test_2026-11-23_2.json"}},
		{ref: "rust@cc33", want: []string{"rust/load_test_2026-11-23_2.json"}},
		{ref: "rust@2026-11-23_2", want: []string{"rust/load_test_2026-11-23_2.json"}},
		{ref: "ab22", want: both},
		{ref: "ab", want: both},
		{ref: path, want: []string{"windjammer/load_test_2026-11-22.json"}},
		{ref: "a", err: "\"a\" is the start of 2 sessions\nhint: type more of it: there is ab22, aa11"},
		{ref: "rsut", err: "no results are called \"rsut\"\nhint: did you mean \"rust\"?"},
		{ref: "", err: "no results are called \"\"\nhint: there is rust, windjammer"},
		{ref: "rust@2026-11-01", err: "no results of rust on \"2026-11-01\"\nhint: there is 2026-11-23_2, 2026-11-23, 2026-11-22"},
		{ref: "gone.json", err: "cannot read results: open gone.json: no such file or directory\nhint: list what there is with: taskbench results list"},
	}
	for _, c := range cases {
		t.Run(c.ref, func(t *testing.T) {
			got, err := s.Resolve(c.ref)
			if err != nil {
				if err.Error() != c.err {
					t.Errorf("got  %v\nwant %s", err, c.err)
				}
				return
			}
			if diff := cmp.Diff(c.want, names(t, s, got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// "latest" finds what a look at everything finds, however the names are, and
// tells what it had to leave out.
func TestLatestReadsFewFiles(t *testing.T) {
	t.Parallel()
	s := sampleStore(t)
	var skipped []error
	s.Skipped = func(err error) { skipped = append(skipped, err) }
	old, damaged := filepath.Join(s.Dir, "rust", "load_test_2020-01-01.json"), filepath.Join(s.Dir, "rust", "load_test_2026-11-24.json")
	for _, path := range []string{old, damaged} {
		if err := os.WriteFile(path, []byte("{"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for path, at := range map[string]time.Time{old: noon.Add(-1000 * time.Hour), filepath.Join(s.Dir, "rust", "load_test_2026-11-22.json"): noon.Add(-24 * time.Hour)} {
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	both := []string{"rust/load_test_2026-11-23.json", "windjammer/load_test_2026-11-23.json"}
	got, err := s.Resolve("latest")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(both, names(t, s, got)); diff != "" {
		t.Error(diff)
	}
	if len(skipped) != 1 || !strings.Contains(skipped[0].Error(), "load_test_2026-11-24.json") {
		t.Errorf("skipped %v", skipped)
	}
	renamed := filepath.Join(s.Dir, "windjammer", "load_test_best.json")
	if err := os.Rename(filepath.Join(s.Dir, "windjammer", "load_test_2026-11-23.json"), renamed); err != nil {
		t.Fatal(err)
	}
	both[1] = "windjammer/load_test_best.json"
	if got, err = s.Resolve("latest"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(both, names(t, s, got)); diff != "" {
		t.Error(diff)
	}
}

// The newest run is the one that was last begun or gone on with.
func TestResumedRunsAreNewest(t *testing.T) {
	t.Parallel()
	s := sampleStore(t)
	for _, name := range []string{"rust", "windjammer"} {
		d, err := s.Load(filepath.Join(s.Dir, name, "load_test_2026-11-22.json"))
		if err != nil {
			t.Fatal(err)
		}
		d.Resumed = noon.Add(3 * time.Hour)
		save(t, s, d)
	}
	want := []string{"rust/load_test_2026-11-22.json", "windjammer/load_test_2026-11-22.json"}
	got, err := s.Resolve("latest")
	if diff := cmp.Diff(want, names(t, s, got)); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if sessions, _ := s.Sessions(); sessions[0].ID != "aa11" {
		t.Errorf("first of all is %s", sessions[0].ID)
	}
	if got, err = s.Resolve("rust"); err != nil || names(t, s, got)[0] != want[0] {
		t.Errorf("%v, %v", got, err)
	}
}

func TestReadFilePlaces(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(path, []byte("{\n  \"schema\": 1,\n  \"kind\" = 2\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := ReadFile(path)
	var e *source.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v", err)
	}
	want := source.Position{File: path, Line: 3, Column: 10}
	if e.Pos != want || e.Excerpt != `  "kind" = 2` {
		t.Errorf("got %+v, excerpt %q", e.Pos, e.Excerpt)
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	s := sampleStore(t)
	path := filepath.Join(s.Dir, "rust", "load_test_2026-11-22.json")
	got, err := Query(path, "scenarios.#.scenario")
	if err != nil || got.Raw != `["projects"]` {
		t.Errorf("got %s, %v", got.Raw, err)
	}
	if _, err := Query(path, "scenarios.0.nothing"); err == nil || !strings.Contains(err.Error(), `nothing at "scenarios.0.nothing"`) {
		t.Errorf("got %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	whole, err := Encode(sampleDocument(f, "rust", "s1"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)/3])
	f.Add([]byte(`{"schema": 99}`))
	f.Add([]byte(`{"schema":1,"kind":"load_test","session":"s","implementation":"i","scenarios":[{"trials":[{"latency":{"count":3,"hdr_v2_base64":"HISTFAAAAB4="}}]}]}`))
	f.Add([]byte("[1,2"))
	f.Fuzz(func(t *testing.T, text []byte) {
		parseHead("name.json", text)
		doc, err := Decode("name.json", text)
		if err != nil {
			var e *source.Error
			if !errors.As(err, &e) || e.Pos.File != "name.json" || e.Error() == "" {
				t.Fatalf("%v does not name the file", err)
			}
			return
		}
		for _, m := range doc.Scenarios {
			for _, trial := range m.Trials {
				if h, err := trial.Latency.Histogram(); err == nil && h == nil {
					t.Fatal("no histogram and no error")
				}
			}
		}
		again, err := Encode(doc)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		if _, err := Decode("name.json", again); err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
	})
}
