package lua

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Typed rows keep their types in JSON and are text elsewhere.
func TestTypedRows(t *testing.T) {
	t.Parallel()
	const use = "\nflow:\n  - {name: a, request: 'POST /${p.id}', json: {id: '${p.id}', ok: '${p.ok}', name: '${p.name}', t: '${text(p.id)}', s: 'n${p.id}'}}\n"
	for file, data := range map[string][2]string{
		"p.jsonl": {"{file: p.jsonl}", `{"id": 7, "ok": true, "name": "02"}`},
		"p.json":  {"{file: p.json}", `[{"id": 7, "ok": true, "name": "02"}]`},
		"p.tsv":   {"{file: p.tsv, types: {id: int, ok: bool}}", "id\tok\tname\n7\ttrue\t02\n"},
		"p.csv":   {"{file: p.csv, types: {id: number, ok: json}}", "id;ok;name\n7;true;02\n"},
	} {
		got := rehearsed(t, loadWith(t, "name: s\ndata: {p: "+data[0]+"}"+use, file, data[1]), Options{}, answers("{}"))
		if want := `POST /7 {"id":7,"ok":true,"name":"02","t":"7","s":"n7"}`; got.sent[0] != want {
			t.Errorf("%s: sent %s, want %s", file, got.sent[0], want)
		}
	}
	mixed := "name: s\ndata: {p: {file: p.jsonl}}\nflow:\n  - {name: a, request: POST /, json: {v: '${p.v}', o: '${p.o}', c: '${p.o.c}', first: '${item(p.l, 0)}', u: '${urlencode(p.o.c)}'}}\n"
	rows := []string{`{"v":"a\"b","o":{"c":"x y"},"l":[1]}`, `{"v":null,"o":{"c":"z"},"l":["k"]}`, `{"v":1.50,"o":{"c":"ü"},"l":[null]}`}
	want := []string{`{"v":"a\"b","o":{"c":"x y"},"c":"x y","first":1,"u":"x%20y"}`, `{"v":null,"o":{"c":"z"},"c":"z","first":"k","u":"z"}`, `{"v":1.50,"o":{"c":"ü"},"c":"ü","first":null,"u":"%C3%BC"}`}
	for i, row := range rows {
		rest := strings.Join(append(append([]string{}, rows[i+1:]...), rows[:i]...), "\n")
		got := rehearsed(t, loadWith(t, mixed, "p.jsonl", row+"\n"+rest), Options{}, answers("{}"))
		if got.sent[0] != "POST / "+want[i] {
			t.Errorf("row %s sent %s, want %s", row, got.sent[0], want[i])
		}
	}
}

// A table of cases: each row has its own expected status and body.
func TestExpectedByRow(t *testing.T) {
	t.Parallel()
	const text = `name: s
data: {p: {file: p.jsonl}}
request:
  request: GET /${p.path}
  expect:
    status: ${p.status}
    body: {contains: "say ${p.say}!"}
    headers: {X-Say: "${p.say}"}
    json: {say: "${p.say}", n: "${p.n}", deep.list: "${p.list}", twice: "${p.say}${p.say}", t: {contains: "${p.say}"}, i: "${int(p.i)}"}
`
	row := func(status int, n string) string {
		return fmt.Sprintf(`{"path":"a","status":%d,"say":"hi","n":%s,"list":[1,"x"],"i":"7"}`, status, n)
	}
	handler := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Say", "hi")
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	const good = `{"say":"hi","n":1.5,"deep":{"list":[1,"x"]},"twice":"hihi","t":"oh hi","i":7,"_":"say hi!"}`
	for _, c := range []struct {
		row, body string
		status    int
		unmet     []string
	}{
		{row(404, "1.5"), good, 404, nil}, {row(404, "1.50"), good, 404, nil}, {row(200, "1.5"), good, 404, []string{"status"}}, {row(404, "2"), good, 404, []string{"json:n"}}, {row(404, `"1.5"`), good, 404, []string{"json:n"}},
		{row(200, "null"), strings.Replace(good, "1.5", "null", 1), 200, nil}, {row(200, "true"), strings.Replace(good, "1.5", "true", 1), 200, nil},
		{row(200, "1.5"), strings.Replace(good, "say hi!", "say ho!", 1), 200, []string{"body"}}, {row(200, "1.5"), strings.Replace(good, `"i":7`, `"i":"7"`, 1), 200, []string{"json:i"}},
		{row(200, "1.5"), strings.Replace(good, `[1,"x"]`, `[1]`, 1), 200, []string{"json:deep.list"}}, {row(200, "1.5"), strings.Replace(good, "hihi", "hi", 1), 200, []string{"json:twice"}},
		{row(200, "1.5"), strings.Replace(good, `"say":"hi"`, `"say":"ho"`, 1), 200, []string{"json:say"}},
	} {
		s := loadWith(t, text, "p.jsonl", c.row)
		if !Identity(s) {
			t.Fatal("who asks decides what is expected")
		}
		got := rehearsed(t, s, Options{}, handler(c.status, c.body))
		if !cmp.Equal(got.unmet, c.unmet) {
			t.Errorf("%s answered %d %s: unmet %q, want %q", c.row, c.status, c.body, got.unmet, c.unmet)
		}
	}
}

// Targets have rows of their own where the scenario says so, and it is told.
func TestRowsOfTargets(t *testing.T) {
	t.Parallel()
	s := loadWith(t, "name: s\nload: {connections: 2}\ndata: {p: {file: p.csv, pick: unique, where: {rust: 50%, wj: 50-100%}}, q: {file: p.csv, where: 25%}}\nrequest: GET /${p.id}/${q.id}\n", "p.csv", "id\n1\n2\n3\n4\n")
	for target, want := range map[string][]string{"rust": {"GET /1/1", "GET /2/1"}, "wj": {"GET /3/1", "GET /4/1"}, "other": {"GET /1/1", "GET /2/1"}} {
		of := s.For(target)
		for user := range 2 {
			of.Data["p"].Rows[0], of.Data["p"].Rows[user] = of.Data["p"].Rows[user], of.Data["p"].Rows[0]
			if got := rehearsed(t, of, Options{}, answers("{}")); got.sent[0] != want[user] {
				t.Errorf("%s, user %d: %s, want %s", target, user+1, got.sent[0], want[user])
			}
			of.Data["p"].Rows[0], of.Data["p"].Rows[user] = of.Data["p"].Rows[user], of.Data["p"].Rows[0]
		}
	}
	if got := s.For("wj").Overridden(); !cmp.Equal(got, []string{"data p is rows 3 to 4 of 4"}) || s.For("other").Overridden() != nil {
		t.Errorf("said: %q", got)
	}
	whole := loadWith(t, "name: s\ndata: {p: {file: p.csv}}\nrequest: GET /${p.id}\n", "p.csv", "id\n1\n2\n")
	half := loadWith(t, "name: s\ndata: {p: {file: p.csv, where: 50%}}\nrequest: GET /${p.id}\n", "p.csv", "id\n1\n2\n")
	if whole.Hash == half.Hash {
		t.Error("a part of the rows has the hash of all")
	}
}
