package scenarios

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// shape writes a template with the escape of each reference: <name|escape>.
func shape(t Template) string {
	var b strings.Builder
	for _, p := range t {
		if p.Ref == nil {
			b.WriteString(p.Literal)
			continue
		}
		b.WriteString("<" + strings.Trim(p.Ref.String(), "${}") + "|" + string(p.Ref.Escape) + ">")
	}
	return b.String()
}

const jsonVars = `
name: j
vars: {n: 5, f: 1.50, big: 123456789012345678901234567890, yes: true, nothing: ~, quote: 'a"b', id2: "${vu}", pair: "${vu}-${seq}"}
request:
  request: POST /
  json: `

func TestJSONBodies(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{b: 1, a: [x, 2.50, true, ~, {}], "k\"": {}}`:  `{"b":1,"a":["x",2.50,true,null,{}],"k\"":{}}`,
		`[.5, +7, -0, 1e3, 1E400]`:                      `[0.5,7,-0,1e3,1E400]`,
		`["010", 'yes', "1:30", !!str 017, 2024-01-01]`: `["010","yes","1:30","017","2024-01-01"]`,
		`12345678901234567890123`:                       `12345678901234567890123`,
		`text`:                                          `"text"`,
		`"line\nend \u2028 </b>"`:                       `"line\nend \u2028 </b>"`,
		`${n}`:                                          `5`,
		`${f}`:                                          `1.50`,
		`${big}`:                                        `123456789012345678901234567890`,
		`{a: "${yes}", b: "${nothing}", c: "${quote}"}`: `{"a":true,"b":null,"c":"a\"b"}`,
		`"${text(n)}"`:                 `"5"`,
		`"n is ${n}"`:                  `"n is 5"`,
		`"${vu}"`:                      `<vu|jsonvalue>`,
		`"${ vu }"`:                    `<vu|jsonvalue>`,
		`"${text(vu)}"`:                `"<vu|json>"`,
		`"${id2}"`:                     `<vu|jsonvalue>`,
		`"${pair}"`:                    `"<vu|json>-<seq|json>"`,
		`"${run}"`:                     `"<run|json>"`,
		`"${uuid}"`:                    `"<uuid|json>"`,
		`"${random(1, 6)}"`:            `<random(1,6)|jsonvalue>`,
		`"${pick(a, 'b, c', \"d}\")}"`: `<pick(a,b, c,d})|jsonvalue>`,
		`"a ${vu}\n${quote}"`:          `"a <vu|json>\na\"b"`,
		`"$${vu} costs $5"`:            `"${vu} costs $5"`,
		`{"${quote}": 1}`:              `{"a\"b":1}`,
		`"${env(HOME)} ${now(ms)}"`:    `"<env(HOME)|json> <now(ms)|json>"`,
	} {
		s, err := loadText(jsonVars + in + "\n")
		if err != nil {
			t.Errorf("%s\n%v", in, err)
			continue
		}
		if got := shape(s.Steps[0].Body.Content); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
		if s.Steps[0].Body.ContentType != "application/json" {
			t.Errorf("content type %q", s.Steps[0].Body.ContentType)
		}
	}
}

func TestOtherPlaces(t *testing.T) {
	t.Parallel()
	s := mustLoad(t, `
name: places
vars: {odd: "a b/ü?", path: /x/y}
request:
  request: POST ${raw(path)}/${odd}/${vu}?q=%20${odd}
  headers: {X: "${odd} ${vu}", content-type: text/custom}
  form: {"k ${odd}": "v=${odd}", empty: , n: 5, "list": [1, "${vu}"]}
`)
	step := s.Steps[0]
	check := func(what, got, want string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", what, diff)
		}
	}
	check("path", shape(step.Path), "/x/y/a%20b%2F%C3%BC%3F/<vu|url>?q=%20a%20b%2F%C3%BC%3F")
	check("header", shape(step.Headers[0].Value), "a b/ü? <vu|>")
	check("form", shape(step.Body.Content), "k%20a%20b%2F%C3%BC%3F=v%3Da%20b%2F%C3%BC%3F&empty=&n=5&list=1&list=<vu|url>")
	check("content type: the user's own", step.Body.ContentType, "")
}

func TestRawBodyAndBlockText(t *testing.T) {
	t.Parallel()
	s := mustLoad(t, "name: raw\nrequest:\n  request: POST /\n  body: |\n    a \"${vu}\"\n    $${b}\n")
	if got := shape(s.Steps[0].Body.Content); got != "a \"<vu|>\"\n${b}\n" {
		t.Errorf("got %q", got)
	}
	if pos := s.Steps[0].Body.Content[1].Ref.Pos; pos.Line != 5 || pos.Column != 8 {
		t.Errorf("the reference is said to be at %v", pos)
	}
}

func TestExponentialVars(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("name: bomb\nvars:\n  a0: x\n")
	for i := range 40 {
		n := string(rune('a'+i/26)) + string(rune('a'+i%26))
		prev := "a0"
		if i > 0 {
			prev = "v" + string(rune('a'+(i-1)/26)) + string(rune('a'+(i-1)%26))
		}
		b.WriteString("  v" + n + ": ${" + prev + "}${" + prev + "}\n")
	}
	b.WriteString("request: GET /${vbn}\n")
	if _, err := loadText(b.String()); err == nil || !strings.Contains(err.Error(), "more than 10000 times") {
		t.Errorf("got %v", err)
	}
}

// Vars are put into paths and the sources of captures.
func TestVarsInPaths(t *testing.T) {
	t.Parallel()
	s, err := LoadFS(fstest.MapFS{"s.yaml": {Data: []byte(`
name: s
vars: {list: "items[0]", head: Location, word: chair}
flow:
  - name: a
    request: GET /
    expect: {json: {"${list}.id": exists}}
    capture: {id: "${list}.id", to: "header:${head}", n: "regex:/${word}=([0-9]+)/"}
`)}}, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	step := s.Steps[0]
	if got := step.Expect.JSON[0].Path; !cmp.Equal(got, JSONPath{"items", "0", "id"}) {
		t.Errorf("the expectation looks at %q", got)
	}
	got := []string{step.Captures[0].Path.String(), step.Captures[1].Source, step.Captures[2].Source}
	if want := []string{"items.0.id", "Location", "chair=([0-9]+)"}; !cmp.Equal(got, want) {
		t.Errorf("captures read %q, want %q", got, want)
	}
}
