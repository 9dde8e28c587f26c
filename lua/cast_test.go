package lua

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"taskbench/scenarios"
)

const castScenario = `
name: casts
load: {connections: 1}
data: {p: {file: p.csv}}
flow:
  - name: take
    request: POST /${raw(p.path)}
    json: {zip: "${p.zip}", flag: "${p.flag}", none: "${p.none}", exp: "${p.exp}", n: "${int(p.n)}", x: "${number(p.x)}", b: "${bool(p.flag)}", o: "${json(p.o)}"}
    capture: {id: id, text: text, list: list, head: "header:X-Id", word: "regex:/v=([0-9a-z]+)/"}
  - name: use
    request: POST /b
    json: {id: "${id}", text: "${text}", head: "${head}", word: "${word}", ids: "${int(text)}", heads: "${number(head)}", words: "${bool(word)}", list: "${json(list)}"}
`

// exchanges sends one iteration of a scenario and answers its first step.
func exchanges(t *testing.T, table, head, body string) (sent []string, unmet [][]string) {
	t.Helper()
	s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte(castScenario)}, "p.csv": {Data: []byte(table)}}, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	out, err := DryRun(s, Options{}, func([]byte) (int, http.Header, []byte, error) {
		return 200, http.Header{"X-Id": {head}}, []byte(body), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range out {
		line, _, _ := strings.Cut(string(e.Request), " HTTP/")
		_, payload, _ := strings.Cut(string(e.Request), "\r\n\r\n")
		sent = append(sent, line+" "+payload)
		unmet = append(unmet, e.Unmet)
	}
	return sent, unmet
}

// A column, a header and a match are strings whatever they look like, and have
// another type only where it is asked for. What came out of JSON keeps its type.
func TestTypesInJSON(t *testing.T) {
	t.Parallel()
	for _, table := range []string{
		"zip,flag,none,exp,n,x,o,path\n02134,true,null,1e5,-7,1.50,\"{\"\"a\"\":[1]}\",shoes/red?size=42\n",
		"\xef\xbb\xbfzip;flag;none;exp;n;x;o;path\r\n02134;true;null;1e5;-7;1.50;\"{\"\"a\"\":[1]}\";shoes/red?size=42\r\n",
		"zip\tflag\tnone\texp\tn\tx\to\tpath\n02134\ttrue\tnull\t1e5\t-7\t1.50\t\"{\"\"a\"\":[1]}\"\tshoes/red?size=42\n",
	} {
		sent, unmet := exchanges(t, table, "12", `{"id":12,"text":"12","list":[1,"a"],"v":"v=true"}`)
		want := []string{
			`POST /shoes/red?size=42 {"zip":"02134","flag":"true","none":"null","exp":"1e5","n":-7,"x":1.50,"b":true,"o":{"a":[1]}}`,
			`POST /b {"id":12,"text":"12","head":"12","word":"true","ids":12,"heads":12,"words":true,"list":[1,"a"]}`,
		}
		if diff := cmp.Diff(want, sent); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if len(unmet[0]) > 0 {
			t.Errorf("unmet: %q", unmet[0])
		}
	}
}

// A captured value that is not of the type asked for makes the step that
// captured it a failed one, by kind.
func TestCapturesOfAnotherType(t *testing.T) {
	t.Parallel()
	table := "zip,flag,none,exp,n,x,o,path\n1,true,n,1,1,1,1,p\n"
	for _, c := range []struct{ head, text, word, list, want string }{
		{"1", "012", "true", "[]", "capture:text as int"}, {"1", "1.5", "true", "[]", "capture:text as int"},
		{"0x1", "1", "true", "[]", "capture:head as number"}, {"1.", "1", "true", "[]", "capture:head as number"},
		{"1", "1", "yes", "[]", "capture:word as bool"}, {"1", "1", "1", "[]", "capture:word as bool"},
		{"1", "1", "true", `"x y"`, "capture:list as json"}, {"1", "1", "true", `"[1"`, "capture:list as json"}, {"1", "1", "true", `"1 2"`, "capture:list as json"},
	} {
		sent, unmet := exchanges(t, table, c.head, `{"id":1,"text":"`+c.text+`","list":`+c.list+`,"v":"v=`+c.word+`"}`)
		if len(sent) != 1 || !cmp.Equal(unmet[0], []string{c.want}) {
			t.Errorf("%+v: %d steps sent, unmet %q", c, len(sent), unmet[0])
		}
	}
}
