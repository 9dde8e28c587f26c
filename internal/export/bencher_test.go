package export

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// valid holds a JSON text to a schema of testdata.
func valid(t testing.TB, schema, text string) {
	t.Helper()
	compiled, err := jsonschema.NewCompiler().Compile("testdata/" + schema)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := compiled.Validate(v); err != nil {
		t.Errorf("%v:\n%s", err, text)
	}
}

// readBencher: by the format's schema, with every figure between its bounds.
func readBencher(t testing.TB, s exportCase) {
	text := written(t, func(w io.Writer) error { return Bencher(w, s.c) })
	valid(t, "bmf.schema.json", text)
	var read map[string]map[string]bmfMeasure
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err)
	}
	figures := 0
	for name, measures := range read {
		figures += len(measures)
		for measure, m := range measures {
			if m.Lower > m.Value || m.Value > m.Upper {
				t.Errorf("%s %s: %v is not between %v and %v", name, measure, m.Value, m.Lower, m.Upper)
			}
		}
	}
	if want := len(entries(s.c)); figures != want {
		t.Errorf("%d figures, want %d", figures, want)
	}
}
