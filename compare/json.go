package compare

import (
	"encoding/json"
	"io"
)

// JSON writes the whole comparison, as docs/results.md describes it.
func JSON(w io.Writer, c *Comparison) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(c)
}
