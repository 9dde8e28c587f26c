package k6

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"taskbench/internal/source"
	"taskbench/parse"
)

// blockOf is what a virtual user counted: so many answers of 8 µs.
func blockOf(answers uint64) *parse.Block {
	b := &parse.Block{
		Schema: 1, Scenario: "s", ScenarioHash: "h", Mode: "mix", Run: "r1", Seed: 1, VirtualUsersAsked: 1, VirtualUsersStarted: 1, VirtualUsersReady: 1,
		Window: parse.Window{LengthUS: 1e6, OpenedUnixUS: 1e15},
		Steps: []parse.BlockStep{{
			Name: "a <b> é\u2028\U0001F600 \x1b", Answers: answers, Good: answers, Statuses: map[string]uint64{"200": answers},
			Latency: &parse.BlockLatency{Count: answers, SumUS: 8 * float64(answers), MinUS: 8, MaxUS: 8, Buckets: [][2]uint64{{3 * 64, answers}}},
		}},
	}
	b.Wrk.Threads, b.Wrk.Connections = 1, 1
	return b
}

func tells(user, of int, b *parse.Block) string {
	text, err := json.Marshal(b)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("taskbench %d/%d %s", user, of, text)
}

// summedUp is a line with its sum, as scripts write it.
func summedUp(line string) string {
	_, block, _ := strings.Cut(line, "{")
	return fmt.Sprintf("%s sum %.4x", line, sha256.Sum256([]byte("{"+block)))
}

func asJSON(message string) string {
	text, _ := json.Marshal(map[string]string{"level": "info", "msg": message, "source": "console", "time": "2026-11-29T08:22:26Z"})
	return string(text)
}

func asContainer(line string) string {
	text, _ := json.Marshal(map[string]string{"log": line + "\n", "stream": "stderr", "time": "2026-11-29T08:22:26.1Z"})
	return string(text)
}

func asLogfmt(message string) string {
	return `time="2026-11-29T08:22:26Z" level=info msg=` + strconv.Quote(message) + ` source=console`
}

// The same is read from every form in which lines come back.
func TestForms(t *testing.T) {
	same := func(line string) string { return line }
	forms := map[string]func(string) string{
		"raw":                  same,
		"JSON":                 asJSON,
		"logfmt":               asLogfmt,
		"terminal":             func(m string) string { return "\x1b[36mINFO\x1b[0m[0012] " + m + "                    source=console" },
		"prefix":               func(m string) string { return "[pod/checkout-1-x7z/k6] " + m },
		"prefix, JSON":         func(m string) string { return "[pod/checkout-1-x7z/k6] " + asJSON(m) },
		"timestamp, logfmt":    func(m string) string { return "2026-11-29T08:22:26.123456789Z " + asLogfmt(m) },
		"carriage return":      func(m string) string { return m + "\r" },
		"container":            asContainer,
		"container, JSON":      func(m string) string { return asContainer(asJSON(m)) },
		"container, logfmt":    func(m string) string { return asContainer(asLogfmt(m)) },
		"compose":              func(m string) string { return "k6-1  | " + asJSON(m) },
		"collected, container": func(m string) string { return asContainer(asContainer(asJSON(m))) },
	}
	for name, form := range forms {
		text := "\n" + form("INFO starting {") + "\n" + form(summedUp(tells(1, 2, blockOf(3)))) + "\nrunning (0m12.0s), 2/2 VUs {\"msg\":\"taskbench 1\"\n" + form(tells(2, 2, blockOf(4)))
		l, err := ReadLog("a.log", strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		b, _, err := Merge([]*Log{l})
		if err != nil || b.Steps[0].Answers != 7 || b.VirtualUsersAsked != 2 || len(l.Complaints) != 0 {
			t.Errorf("%s: %+v, %v, %q", name, b, err, l.Complaints)
			continue
		}
		if want := []Telling{{1, 2, 3, blockOf(3)}, {2, 2, 5, blockOf(4)}}; !reflect.DeepEqual(l.Told, want) {
			t.Errorf("%s: %+v", name, l.Told)
		}
	}
}

// What is no whole run of one script is refused, by its place.
func TestMergeRefuses(t *testing.T) {
	one, two := tells(1, 2, blockOf(3)), tells(2, 2, blockOf(4))
	other := func(change func(*parse.Block)) string {
		b := blockOf(4)
		change(b)
		return tells(2, 2, b)
	}
	late := func(user int) string {
		b := blockOf(0)
		b.Window, b.Steps[0].Statuses, b.Steps[0].Latency = parse.Window{}, nil, nil
		return tells(user, 2, b)
	}
	cases := []struct{ name, a, b, want string }{
		{"nothing", "bash: k6: command not found\n\n", "", "no virtual user told what it counted; a.log ends with: bash: k6: command not found"},
		{"UTF-16", "\xff\xfet\x00a\x00", "", "no virtual user told what it counted; a.log is no text in UTF-8"},
		{"empty", " \n", "", "no virtual user told what it counted; a.log is empty"},
		{"one is missing", one, "", "1 of 2 virtual users did not tell what they counted: 2"},
		{"one is missing, with a reason", one, `{"level":"error","msg":"TypeError: no\n\tat default (file:///a.js:1:2(3))\n"}`, "counted: 2; in b.log k6 says: TypeError: no"},
		{"one was interrupted", one, asError("test run was aborted because k6 received a 'terminated' signal"), "counted: 2; the k6 of b.log was interrupted"},
		{"twice", one + "\n" + two, one, "b.log:1: virtual user 1 told what it counted in a.log:1, too"},
		{"another run", one, other(func(b *parse.Block) { b.Run = "r2" }), "b.log:1: virtual user 2 is of another run: r2, not r1"},
		{"another script", one, other(func(b *parse.Block) { b.ScenarioHash = "k" }), "b.log:1: virtual user 2 ran another script"},
		{"another time", one, other(func(b *parse.Block) { b.Window.OpenedUnixUS += 60_000 }), "measured at another time"},
		{"all too late", late(1), late(2), "a.log:1: virtual user 1 was there when the measurement was over"},
		{"too late", one, other(func(b *parse.Block) {
			b.Window, b.Steps[0].Answers, b.Steps[0].Good = parse.Window{}, 0, 0
			b.Steps[0].Statuses, b.Steps[0].Latency = nil, nil
		}), "b.log:1: virtual user 2 was there when the measurement was over"},
		{"another size", one, tells(2, 3, blockOf(4)), "b.log:1: a test of 3 virtual users, and a.log:1 is one of 2"},
		{"cut", one, two[:len(two)-7], "b.log:1: what virtual user 2 tells is cut off"},
		{"cut early", one, two[:len("taskbench 2/2 ")], "b.log:1: what virtual user 2 tells is cut off"},
		{"cut JSON", one, asJSON(two)[:120], "b.log:1: what virtual user 2 tells is cut off"},
		{"cut logfmt", one, asLogfmt(two)[:120], "b.log:1: what virtual user 2 tells is cut off"},
		{"mixed", one, two[:60] + one, "b.log:1: what virtual user 2 tells is cut off, or mixed"},
		{"a part is missing", one, strings.Replace(summedUp(two), `,"virtual_users_started":1`, "", 1), "b.log:1: what virtual user 2 tells is cut off, or mixed"},
		{"a figure is another", one, asJSON(strings.Replace(summedUp(two), `"bytes":0`, `"bytes":7`, 1)), "b.log:1: what virtual user 2 tells is cut off, or mixed"},
		{"began too late", other(func(b *parse.Block) { b.Window.AskedUS = 1.1e6 }), tells(1, 2, blockOf(3)), "a.log:1: virtual user 2 began 100 ms late in a window of 1100 ms"},
		{"one began too late", one, other(func(b *parse.Block) { b.Window.AskedUS, b.Window.LengthUS = 1e6, 0.5e6 }), "b.log:1: virtual user 2 began 500 ms late in a window of 1000 ms"},
		{"longer than asked", one, other(func(b *parse.Block) { b.Window.AskedUS = 0.5e6 }), "virtual user 2: the result block contradicts itself: window is 1e+06 µs long, and was to be 500000 µs"},
		{"no such user", one, tells(3, 2, blockOf(1)), "b.log:1: virtual user 3 of 2"},
		{"contradiction", one, other(func(b *parse.Block) { b.Steps[0].Good = 9 }), "b.log:1: virtual user 2: the result block contradicts itself"},
		{"exception", one + "\n" + two, asError("TypeError: no"), "b.log: k6 complained: TypeError: no"},
		{"exception, raw", one + "\n" + two, "TypeError: no\n\tat f (file:///a.js:11:52(15))\n\tat g (file:///a.js:1:2(5))\n", "b.log: k6 complained: TypeError: no"},
		{"exception, logfmt", one + "\n" + two, `time="x" level=error msg="TypeError: \"no\"\n\tat default" executor=constant-vus`, `b.log: k6 complained: TypeError: "no"`},
		{"crash", one + "\n" + two, "fatal error: runtime: out of memory\n", "b.log: k6 complained: fatal error: runtime: out of memory"},
	}
	for _, c := range cases {
		err := mergeTexts(c.a, c.b)
		if err == nil {
			t.Errorf("%s: it is merged", c.name)
			continue
		}
		if message, hint := source.Split(err); !strings.Contains(err.Error(), c.want) || hint == "" {
			t.Errorf("%s: %q, %q, want %q", c.name, message, hint, c.want)
		}
	}
	if err := mergeTexts(one, two+"\n"+asError("test run was aborted because k6 received a 'interrupt' signal")); err != nil {
		t.Errorf("interrupted when all had told: %v", err)
	}
}

// Who began a little late counts from then on, and that is said; the order of logs
// changes nothing of what is merged.
func TestMergeSaysWhoBeganLate(t *testing.T) {
	var logs []*Log
	for user := 1; user <= 4; user++ {
		b := blockOf(uint64(user))
		b.Window.AskedUS = 1e6
		b.Steps[0].Latency.SumUS += 0.1 / float64(user) // which adds up otherwise in another order
		b.Steps[0].Latency.MaxUS = 8.12
		if user > 2 {
			b.Window.LengthUS -= 12e3 * float64(user-1)
			b.Window.OpenedUnixUS += 12e3 * float64(user-1)
		}
		logs = append(logs, &Log{Name: fmt.Sprint(user), Told: []Telling{{user, 4, 1, b}}})
	}
	first, said, err := Merge(logs)
	want := []string{"2 of 4 virtual users began late, number 4 by 36 ms in a window of 1000 ms: each counts from then on"}
	if err != nil || !reflect.DeepEqual(said, want) || first.Window.LengthUS != 0.985e6 {
		t.Errorf("%q, %v, %+v", said, err, first)
	}
	slices.Reverse(logs)
	if second, _, err := Merge(logs); err != nil || !reflect.DeepEqual(first, second) {
		t.Errorf("in another order:\n%+v\n%+v, %v", first, second, err)
	}
	logs[0].Told[0].Block.Window.AskedUS = 0
	logs[1].Told[0].Block.Window.LengthUS = 0.991e6
	if _, said, err := Merge(logs); err != nil || len(said) > 0 {
		t.Errorf("of less than a hundredth: %q, %v", said, err)
	}
}

func asError(message string) string {
	text, _ := json.Marshal(map[string]string{"level": "error", "msg": message})
	return string(text)
}

func mergeTexts(a, b string) error {
	var logs []*Log
	for name, text := range map[string]string{"a.log": a, "b.log": b} {
		l, err := ReadLog(name, strings.NewReader(text))
		if err != nil {
			return err
		}
		logs = append(logs, l)
	}
	if logs[0].Name != "a.log" {
		logs[0], logs[1] = logs[1], logs[0]
	}
	_, _, err := Merge(logs)
	return err
}

// Segments deal virtual users out in turn, each to one process.
func TestUsersOf(t *testing.T) {
	for users := range 20 {
		for processes := 1; processes <= 6; processes++ {
			seen := make([]int, users+1)
			for i := 1; i <= processes; i++ {
				for _, user := range usersOf(i, processes, users) {
					seen[user]++
				}
			}
			for user := 1; user <= users; user++ {
				if seen[user] != 1 {
					t.Errorf("%d users, %d processes: user %d has %d processes", users, processes, user, seen[user])
				}
			}
		}
	}
}

// Whatever is in a log, reading it ends, and every block that comes of it has been checked.
func FuzzReadLog(f *testing.F) {
	line := tells(1, 1, blockOf(3))
	for _, seed := range []string{line, asJSON(line), asLogfmt(line), asContainer(asJSON(line)), asJSON(line)[:150], "taskbench 1/1 {\\", "{\"a\":\"taskbench 1/1 {\\\\\"}", "level=error msg=\"\\", line + line} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l, err := ReadLog("f", strings.NewReader(text))
		if err != nil {
			return
		}
		for _, told := range l.Told {
			if told.User < 1 || told.User > told.Of || told.Block.Scenario == "" || told.Line < 1 {
				t.Errorf("%+v", told)
			}
		}
		_, _, _ = Merge([]*Log{l})
	})
}
