package lua

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// GraphQL is sent as JSON, with variables of their types, and an answer with errors is
// not as expected, though its status is 200.
func TestGraphQL(t *testing.T) {
	t.Parallel()
	const text = `name: s
vars: {n: 3}
request:
  path: /graphql
  graphql:
    query: |
      query U($n: Int!) { user(id: $n) { name } }
    operation: U
    variables: {n: "${n}", who: "user ${vu}", deep: {list: [1, "${random(5,5)}"]}}
`
	want := `POST /graphql {"query":"query U($n: Int!) { user(id: $n) { name } }\n","operationName":"U","variables":{"n":3,"who":"user 1","deep":{"list":[1,5]}}}`
	for body, unmet := range map[string][]string{`{"data":{"user":{}}}`: nil, `{"errors":[{"message":"no"}]}`: {"json:errors"}} {
		got := rehearsed(t, loadWith(t, text), Options{}, answers(body))
		if got.sent[0] != want || !cmp.Equal(got.unmet, unmet) {
			t.Errorf("%s: sent %s, unmet %q", body, got.sent[0], got.unmet)
		}
	}
	expecting := loadWith(t, "name: s\nrequest: {request: POST /, graphql: {query_file: q.graphql}, expect: {json: {errors.0.message: exists}}}\n", "q.graphql", "{ a(x: \"${y}\") }")
	got := rehearsed(t, expecting, Options{}, answers(`{"errors":[{"message":"no"}]}`))
	if got.sent[0] != `POST / {"query":"{ a(x: \"${y}\") }"}` || got.unmet != nil {
		t.Errorf("%q", got)
	}
}

// A multipart body is read by any server as it was written, files byte for byte.
func TestMultipart(t *testing.T) {
	t.Parallel()
	const text = `name: s
flow:
  - name: upload
    path: /upload
    multipart:
      title: "for ${vu} \"x\""
      tag: [a, b]
      empty: ~
      photo: {file: chair.png}
      "notes\"x": {value: '{"v":${vu}}', type: application/json, filename: "n.json"}
      raw: {file: data.bin, filename: "other name.bin", type: application/x-thing}
`
	photo := "\x89PNG\r\n\x1a\n\x00--taskbench-\xff"
	var read []string
	handler := func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"title", "tag", "empty"} {
			read = append(read, name+"="+strings.Join(r.MultipartForm.Value[name], "|"))
		}
		for _, name := range []string{"photo", "notes%22x", "raw"} {
			for _, part := range r.MultipartForm.File[name] {
				f, err := part.Open()
				if err != nil {
					t.Fatal(err)
				}
				data, _ := io.ReadAll(f)
				read = append(read, name+": "+part.Filename+" "+part.Header.Get("Content-Type")+" "+string(data))
			}
		}
	}
	rehearsed(t, loadWith(t, text, "chair.png", photo, "data.bin", "${vu}"), Options{}, handler)
	want := []string{`title=for 1 "x"`, "tag=a|b", "empty=", "photo: chair.png image/png " + photo, `notes%22x: n.json application/json {"v":1}`, "raw: other name.bin application/x-thing ${vu}"}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
