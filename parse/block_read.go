package parse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"taskbench/internal/source"
)

// oldestBlockSchema is the oldest schema ReadBlock still understands.
const oldestBlockSchema = 1

// FindBlock returns what follows the last Marker line of a script's standard
// output, and whether there is such a line. Of a complete JSON value it returns
// just that value; of a cut one everything, so that ReadBlock can say what is
// wrong with it.
func FindBlock(stdout []byte) ([]byte, bool) {
	var after []byte
	found := false
	for rest := stdout; len(rest) > 0; {
		var line []byte
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		if string(bytes.TrimSpace(line)) == Marker {
			after, found = rest, true
		}
	}
	if !found {
		return nil, false
	}
	return firstValue(after), true
}

// firstValue is the first JSON value of text, or all of text if there is none.
func firstValue(text []byte) []byte {
	var value json.RawMessage
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&value); err != nil {
		return bytes.TrimSpace(text)
	}
	return value
}

// ReadBlock decodes and checks one Block. It is strict, because every figure
// that taskbench shows comes from here: a key that is not in the schema, a
// count that does not add up or a histogram out of order is an error that
// names the place (steps[1].latency.buckets[7]) and what is wrong with it.
//
// The error is a *source.Error with a hint.
func ReadBlock(data []byte) (*Block, error) {
	data = bytes.TrimSpace(data)
	if len(data) == 0 {
		return nil, blockError("the result block is empty",
			"the script did not reach the end of done(): look at what wrk wrote to stderr", nil)
	}
	if err := checkSchema(data); err != nil {
		return nil, err
	}
	var b Block
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&b); err != nil {
		return nil, blockError("the result block is not what the schema says: "+err.Error(), regenerate, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, blockError(fmt.Sprintf("the result block goes on after its end, at byte %d", dec.InputOffset()), regenerate, nil)
	}
	if err := checkBlock(&b); err != nil {
		return nil, blockError("the result block contradicts itself: "+err.Error(), regenerate, err)
	}
	return &b, nil
}

// regenerate is the hint for a block that no script of this build would write.
const regenerate = "write the script again with this build: taskbench lua SCENARIO; if it is new, this is a defect of taskbench worth reporting"

// checkSchema reads the version alone, so that a block of another schema is
// named as such rather than by its first unknown key.
func checkSchema(data []byte) error {
	var head struct {
		Schema *int `json:"taskbench_block"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return syntaxError(data, err)
	}
	switch {
	case head.Schema == nil:
		return blockError(`the text is JSON but not a result block: it has no key "taskbench_block"`,
			"hand over what a script made by taskbench lua wrote", nil)
	case *head.Schema > BlockSchema:
		return blockError(fmt.Sprintf("the result block has schema %d, this build knows %d", *head.Schema, BlockSchema),
			"use a newer taskbench, or write the script again with this one", nil)
	case *head.Schema < oldestBlockSchema:
		return blockError(fmt.Sprintf("the result block has schema %d, which never existed", *head.Schema), regenerate, nil)
	}
	return nil
}

// syntaxError tells where the JSON breaks off, with the text around it: a
// block can be one line of half a megabyte.
func syntaxError(data []byte, err error) error {
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return blockError("the result block is not what the schema says: "+err.Error(), regenerate, err)
	}
	at := int(syntax.Offset)
	if at >= len(data) {
		return blockError(fmt.Sprintf("the result block is cut off after %d bytes", len(data)),
			"the run ended while done() was writing, or the disk is full: run it again", err)
	}
	from, to := max(0, at-30), min(len(data), at+10)
	return blockError(fmt.Sprintf("the result block is not JSON: %v at byte %d, near %q", err, at, data[from:to]), regenerate, err)
}

func blockError(message, hint string, cause error) error {
	return &source.Error{Message: message, Hint: hint, Err: cause}
}
