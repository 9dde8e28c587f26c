package check

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func answer(step string, status int, contentType, body string) Answer {
	return Answer{Step: step, Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

func TestDifferences(t *testing.T) {
	const j = "application/json"
	cases := []struct {
		name string
		a, b Answer
		want []string
	}{
		{"alike", answer("s", 200, j, `{"id":1,"tags":["a"]}`), answer("s", 200, j+"; charset=utf-8", `{"tags":[],"id":2}`), nil},
		{"status and body", answer("s", 204, "", ""), answer("s", 200, j, `{"message":"gone"}`),
			[]string{"s: rust answers 204, wj 200; rust answers with no body, wj with application/json"}},
		{"field missing", answer("s", 200, j, `[{"id":1,"updated_at":"x"}]`), answer("s", 200, j, `[{"id":1}]`),
			[]string{"s: only rust sends [].updated_at"}},
		{"fields on both sides, and a type", answer("s", 200, j, `{"b":1,"a":1,"n":1}`), answer("s", 200, j, `{"m":1,"n":"1"}`),
			[]string{"s: only rust sends a, b; only wj sends m; n is a number from rust, a string from wj"}},
		{"missing object named once", answer("s", 200, j, `{"user":{"id":1,"name":"n"}}`), answer("s", 200, j, `{}`),
			[]string{"s: only rust sends user"}},
		{"other type", answer("s", 200, j, `{"id":1}`), answer("s", 200, j, `{"id":"1"}`),
			[]string{"s: id is a number from rust, a string from wj"}},
		{"null is no type", answer("s", 200, j, `{"id":null}`), answer("s", 200, j, `{"id":"1"}`), nil},
		{"object or array", answer("s", 200, j, `{"id":1}`), answer("s", 200, j, `[]`),
			[]string{"s: the body is an object from rust, an array from wj"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := Visit{Target: "rust", Answers: []Answer{c.a}}
			b := Visit{Target: "wj", Answers: []Answer{c.b}}
			if diff := cmp.Diff(c.want, texts(Differences(a, b))); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDifferencesOfItself(t *testing.T) {
	v := Visit{Target: "rust", Answers: []Answer{answer("s", 200, "application/json", `{"a":[{"b":{"c":null}}],"d":[[1],["x"]]}`)}}
	if d := Differences(v, v); len(d) > 0 {
		t.Errorf("a visit differs from itself: %v", d)
	}
}

func TestDifferencesStepOfOneSideOnly(t *testing.T) {
	a := Visit{Target: "rust", Answers: []Answer{answer("logout", 204, "", "")}}
	got := Differences(a, Visit{Target: "wj"})
	if diff := cmp.Diff([]string{"logout: only rust has this step"}, texts(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func texts(list []Difference) []string {
	var all []string
	for _, d := range list {
		all = append(all, d.String())
	}
	return all
}
