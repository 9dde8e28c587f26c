package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tidwall/gjson"

	"taskbench/internal/source"
)

// ErrNewer is wrapped by errors about documents of a schema this build does
// not know yet.
var ErrNewer = errors.New("written by a newer taskbench")

// ReadFile reads one document. Every error names the file; where the text is not
// JSON or not of the right shape, the line and column too.
func ReadFile(path string) (*Document, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return Decode(path, text)
}

// Decode reads a document's text; name is the file's, for errors. Names that
// would lead out of a store and figures that no machine measures are refused,
// with the field they stand in.
func Decode(name string, text []byte) (*Document, error) {
	if n := gjson.GetBytes(text, "schema").Int(); n > Schema && gjson.ValidBytes(text) {
		return nil, newer(name, n)
	}
	var doc Document
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, damaged(name, text, err)
	}
	doc.printable()
	if why := incomplete(&doc); why != "" {
		return nil, source.Errorf(source.Position{File: name}, "move the file out of the results folder", "not a taskbench result: %s", why)
	}
	if field, why := invalid(&doc); why != "" {
		return nil, notTrue(name, field, why)
	}
	return &doc, nil
}

func incomplete(doc *Document) string {
	switch {
	case doc.Schema < 1:
		return `"schema" is missing`
	case doc.Implementation == "":
		return `"implementation" is missing`
	case doc.Session == "":
		return `"session" is missing`
	case !knownKind(doc.Kind):
		return fmt.Sprintf(`"kind" is %q`, doc.Kind)
	}
	return ""
}

func newer(name string, schema int64) error {
	e := source.Errorf(source.Position{File: name}, "use a newer taskbench to read it",
		"result schema %d is newer than this build's %d", schema, Schema)
	e.Err = ErrNewer
	return e
}

// damaged turns an error of encoding/json into one with a place in the text.
func damaged(name string, text []byte, err error) error {
	hint := "the file is damaged: restore it from a copy, or move it out of the results folder"
	offset := int64(-1)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	message := err.Error()
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		message = "the file is empty"
	case errors.As(err, &syntax):
		offset = syntax.Offset - 1 // Offset counts the byte that was wrong
		message = "not valid JSON: " + syntax.Error()
	case errors.As(err, &kind):
		offset = kind.Offset - 1
		message = fmt.Sprintf("%s is a JSON %s, expected %s", kind.Field, kind.Value, kind.Type)
	}
	e := source.Errorf(position(name, text, offset), hint, "%s", message)
	e.Err = err
	e.Excerpt = source.Excerpt(text, e.Pos.Line)
	return e
}

// position finds line and column (both from 1) of a byte offset; of the file
// alone when the offset is unknown.
func position(name string, text []byte, offset int64) source.Position {
	if offset < 0 {
		return source.Position{File: name}
	}
	before := text[:min(offset, int64(len(text)))]
	return source.Position{
		File:   name,
		Line:   bytes.Count(before, []byte("\n")) + 1,
		Column: len(before) - (bytes.LastIndexByte(before, '\n') + 1) + 1,
	}
}

// Query reads one value of a document by its gjson path, such as
// "scenarios.#.scenario" or "scenarios.0.trials.#.throughput_per_s".
func Query(path, query string) (gjson.Result, error) {
	text, err := readFile(path)
	if err != nil {
		return gjson.Result{}, err
	}
	if _, err := Decode(path, text); err != nil {
		return gjson.Result{}, err
	}
	value := gjson.GetBytes(text, query)
	if !value.Exists() {
		return value, source.Errorf(source.Position{File: path}, "a path looks like scenarios.0.trials.#.throughput_per_s; @keys lists the keys of a place",
			"nothing at %q", query)
	}
	return value, nil
}
