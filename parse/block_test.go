package parse

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"taskbench/internal/source"
)

// goodBlock is a small flow that adds up.
func goodBlock() *Block {
	latency := recordScript([]float64{10, 12, 900})
	return &Block{
		Schema: 1, Scenario: "projects", ScenarioHash: "abc", Mode: "flow", Run: "r1", Seed: 7,
		VirtualUsersAsked: 2, VirtualUsersStarted: 2, VirtualUsersReady: 2,
		Window: Window{OpenUS: 1e6, LengthUS: 5e6},
		Setup:  []BlockStep{{Name: "register", Answers: 2, Good: 2, Statuses: map[string]uint64{"201": 2}}},
		Steps: []BlockStep{{
			Name: "create", Answers: 3, Good: 2, Statuses: map[string]uint64{"201": 2, "500": 1},
			Unmet:   map[string]uint64{"status": 1, "json:id": 1},
			Example: &BlockExample{Unmet: "status", Status: 500, Body: "oh"},
			Latency: latency,
		}},
		Iterations: &BlockIterations{Completed: 3, Failed: 1, Latency: latency},
		PerSecond:  []BlockSecond{{Good: 1, Failed: 1}, {Good: 1}},
		Wrk:        BlockWrk{Threads: 2, Connections: 2, DurationUS: 5e6, Requests: 9, Bytes: 900},
	}
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestReadBlock(t *testing.T) {
	t.Parallel()
	want := goodBlock()
	got, err := ReadBlock(marshal(t, want))
	if err != nil {
		t.Fatal(err)
	}
	if a, b := string(marshal(t, got)), string(marshal(t, want)); a != b {
		t.Errorf("read back\n%s\nwant\n%s", a, b)
	}
}

// A setup whose connection breaks again and again has no answer to count.
func TestReadBlockLostSetup(t *testing.T) {
	t.Parallel()
	b := goodBlock()
	b.Setup[0] = BlockStep{Name: "register", Unmet: map[string]uint64{"lost": 2}}
	got, err := ReadBlock(marshal(t, b))
	if err != nil || got.Setup[0].Unmet["lost"] != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestReadBlockContradictions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		change func(*Block)
		want   string
	}{
		"no scenario":       {func(b *Block) { b.Scenario = "" }, "scenario is empty"},
		"mode":              {func(b *Block) { b.Mode = "race" }, `mode is "race", not flow, mix or request`},
		"users":             {func(b *Block) { b.VirtualUsersReady = 3 }, "virtual users: 2 asked, 2 started, 3 ready"},
		"more users":        {func(b *Block) { b.VirtualUsersStarted = 5 }, "virtual users: 2 asked, 5 started, 2 ready"},
		"share":             {func(b *Block) { b.Share = &BlockShare{Place: 3, Places: 2} }, "share 3 of 2"},
		"window":            {func(b *Block) { b.Window.LengthUS = -1 }, "window opens at 1e+06 µs and is -1 µs long"},
		"no steps":          {func(b *Block) { b.Steps = nil }, "steps is empty"},
		"no name":           {func(b *Block) { b.Steps[0].Name = "" }, "steps[0].name is empty"},
		"same name":         {func(b *Block) { b.Steps = append(b.Steps, b.Steps[0]) }, `steps[1].name "create" was there before`},
		"too many good":     {func(b *Block) { b.Steps[0].Good = 4 }, "steps[0]: 4 good and 0 late of 3 answers"},
		"late and good":     {func(b *Block) { b.Steps[0].Late = 2 }, "steps[0]: 2 good and 2 late of 3 answers"},
		"statuses":          {func(b *Block) { b.Setup[0].Statuses["201"] = 1 }, "setup[0].statuses add up to 1, answers is 2"},
		"no status":         {func(b *Block) { b.Steps[0].Statuses["ok"] = 0 }, `steps[0].statuses has the key "ok", which is no HTTP status`},
		"unmet":             {func(b *Block) { b.Steps[0].Unmet["body"] = 2 }, `steps[0].unmet["body"] is 2, but only 1 answers were not good`},
		"lost":              {func(b *Block) { b.Steps[0].Unmet["lost"], b.Lost = 2, 1 }, "steps lost 2 requests, lost is 1"},
		"surplus":           {func(b *Block) { b.Surplus, b.Steps[0].Statuses["201"] = 1, 4 }, "steps[0].statuses add up to 5, answers is 3"},
		"latency count":     {func(b *Block) { b.Steps[0].Answers, b.Steps[0].Statuses = 4, nil }, "steps[0].latency.count is 3, answers is 4"},
		"iterations in mix": {func(b *Block) { b.Mode = "mix" }, "iterations in mode mix"},
		"journeys in flow":  {func(b *Block) { b.Journeys = []BlockJourney{{Name: "a"}} }, "journeys in mode flow"},
		"same journey": {func(b *Block) {
			b.Mode, b.Iterations, b.Journeys = "mix", nil, []BlockJourney{{Name: "a"}, {Name: "a"}}
		}, `journeys[1].name "a" is empty, or was there before`},
		"a journey": {func(b *Block) {
			b.Mode, b.Journeys, b.Iterations = "mix", []BlockJourney{{Name: "a", BlockIterations: *b.Iterations}}, nil
			b.Journeys[0].Completed++
		}, "journeys[0].latency.count is 3, completed is 4"},
		"retried":     {func(b *Block) { b.Steps[0].Retried = 1 }, "steps[0].statuses add up to 3, answers is 3, left_out 0, redirected 0, retried 1"},
		"iterations":  {func(b *Block) { b.Iterations.Completed = 1 }, "iterations.latency.count is 3, completed is 1"},
		"seconds":     {func(b *Block) { b.PerSecond[1].Good = 2 }, "per_second counts 3 good answers, steps 2"},
		"wrk threads": {func(b *Block) { b.Wrk.Threads = 3 }, "wrk: 3 threads, 2 connections"},
		"wrk zero":    {func(b *Block) { b.Wrk.Latency = [][2]uint64{{5, 0}} }, "wrk.latency[0] is 0 samples at 5 µs"},
		"wrk order":   {func(b *Block) { b.Wrk.Latency = [][2]uint64{{5, 1}, {5, 1}} }, "wrk.latency[1] is 5 µs, not above the one before, 5 µs"},
		"bucket order": {func(b *Block) { l := b.Steps[0].Latency; l.Buckets[1][0] = l.Buckets[0][0] },
			"steps[0].latency.buckets[1] has index 208, not above the one before, 208"},
		"bucket range": {func(b *Block) { b.Steps[0].Latency.Buckets[2][0] = 4096 }, "steps[0].latency.buckets[2] has index 4096, the last is 4095"},
		"bucket empty": {func(b *Block) { b.Steps[0].Latency.Buckets[2][1] = 0 }, "steps[0].latency.buckets[2] has count 0"},
		"bucket sum":   {func(b *Block) { b.Steps[0].Latency.Buckets[2][1] = 9 }, "steps[0].latency.buckets add up to 11, count is 3"},
		"min":          {func(b *Block) { b.Steps[0].Latency.MinUS = 2 }, "steps[0].latency.min_us is 2, outside of the first bucket"},
		"max":          {func(b *Block) { b.Steps[0].Latency.MaxUS = 2e3 }, "steps[0].latency.max_us is 2000, outside of the last bucket"},
		"sum": {func(b *Block) { b.Steps[0].Latency.SumUS = 5 },
			"steps[0].latency: a sum of 5 µs cannot come from 3 values between 10 and 900 µs"},
		"slots of two lengths": {func(b *Block) { b.Slots = &BlockSlots{Sent: []uint64{1}} }, "slots: 1 sent, 0 counted, 0 bad, 0 spans"},
		"slots run backwards": {func(b *Block) {
			b.Slots = &BlockSlots{Sent: []uint64{1}, Counted: []uint64{1}, SpanUS: []float64{-1}}
		}, "slots: round 0 counts 1 answers in -1 µs"},
		"bad beyond counted": {func(b *Block) {
			b.Slots = &BlockSlots{Sent: []uint64{3}, Counted: []uint64{1}, SpanUS: []float64{1}, Bad: []uint64{2}}
		}, "slots: round 0 counts 1 answers in 1 µs, 2 of them bad"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := goodBlock()
			c.change(b)
			wantError(t, marshal(t, b), "the result block contradicts itself: "+c.want)
		})
	}
}

func TestReadBlockText(t *testing.T) {
	t.Parallel()
	good := string(marshal(t, goodBlock()))
	cases := map[string]struct{ in, want string }{
		"empty":       {" \n", "the result block is empty"},
		"other JSON":  {`{"a":1}`, `the text is JSON but not a result block: it has no key "taskbench_block"`},
		"newer":       {`{"taskbench_block":2,"new":1}`, "the result block has schema 2, this build knows 1"},
		"older":       {`{"taskbench_block":0}`, "the result block has schema 0, which never existed"},
		"unknown key": {strings.Replace(good, `"lost"`, `"gone"`, 1), `the result block is not what the schema says: json: unknown field "gone"`},
		"nan": {strings.Replace(good, `"lost":0`, `"lost":-nan`, 1),
			`the result block is not JSON: invalid character 'n' in numeric literal at byte`},
		"negative": {strings.Replace(good, `"lost":0`, `"lost":-1`, 1), "the result block is not what the schema says: json: cannot unmarshal number -1"},
		"cut off":  {good[:len(good)-9], "the result block is cut off after"},
		"two":      {good + good, "the result block is not JSON: invalid character '{' after top-level value at byte"},
		"array":    {`[1]`, "the result block is not what the schema says: json: cannot unmarshal array"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantError(t, []byte(c.in), c.want)
		})
	}
}

// wantError demands a source.Error with this beginning and with a hint.
func wantError(t *testing.T, data []byte, want string) {
	t.Helper()
	b, err := ReadBlock(data)
	var e *source.Error
	if b != nil || !errors.As(err, &e) {
		t.Fatalf("got %v, %v, want an error", b, err)
	}
	if !strings.HasPrefix(e.Message, want) {
		t.Errorf("message %q, want %q", e.Message, want)
	}
	if e.Hint == "" {
		t.Errorf("no hint with %q", e.Message)
	}
}

func TestFindBlock(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		in, want string
		found    bool
	}{
		"none":      {"Running 1s test\n", "", false},
		"alone":     {Marker + "\n{\"a\":1}\n", `{"a":1}`, true},
		"cr lf":     {"x\r\n" + Marker + "\r\n{\"a\":1}\r\nafter\r\n", `{"a":1}`, true},
		"last wins": {Marker + "\n{\"a\":1}\n" + Marker + "\n{\"a\":2}\nafter", `{"a":2}`, true},
		"cut":       {Marker + "\n{\"a\":", `{"a":`, true},
		"nothing":   {Marker, "", true},
		"in a line": {"say " + Marker + "\n{}", "", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, found := FindBlock([]byte(c.in))
			if string(got) != c.want || found != c.found {
				t.Errorf("got %q, %v, want %q, %v", got, found, c.want, c.found)
			}
		})
	}
}

func FuzzReadBlock(f *testing.F) {
	f.Add(marshal(f, goodBlock()))
	f.Add([]byte(`{"taskbench_block":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ReadBlock(data)
		if err != nil {
			return
		}
		for _, s := range b.Steps {
			if n := s.Latency.HDR().TotalCount(); s.Latency != nil && uint64(n) != s.Answers {
				t.Errorf("%d in the histogram, %d answers", n, s.Answers)
			}
		}
		if h, err := Uncorrect(b); err == nil && uint64(h.TotalCount()) > b.Wrk.Requests {
			t.Errorf("%d samples of %d requests", h.TotalCount(), b.Wrk.Requests)
		}
	})
}
