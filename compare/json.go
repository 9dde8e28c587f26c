package compare

import (
	"encoding/json"
	"io"
)

// JSON writes the whole comparison, as docs/results.md describes it.
func JSON(w io.Writer, c *Comparison) error { return writeJSON(w, c) }

// writeJSON is the one form of JSON for programs and for people who look into
// it: a scenario's names may hold <, > and &.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
