package page

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
)

// csvWriter writes lines of cells that spreadsheets take for what they are. A
// cell that would begin a formula gets an apostrophe in front, as a person who
// types text into a spreadsheet writes it: names and error texts are foreign, and
// a formula can send the whole sheet somewhere.
type csvWriter struct{ *csv.Writer }

func newCSV(w io.Writer) csvWriter { return csvWriter{csv.NewWriter(w)} }

// Write writes one line.
func (w csvWriter) Write(cells []string) error {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = csvCell(cell)
	}
	return w.Writer.Write(safe)
}

// WriteAll writes all lines and flushes them.
func (w csvWriter) WriteAll(lines [][]string) error {
	var errs []error
	for _, line := range lines {
		errs = append(errs, w.Write(line))
	}
	w.Flush()
	return errors.Join(append(errs, w.Error())...)
}

// csvCell leaves numbers alone, below zero too. Blanks before the sign do not
// hide it from every spreadsheet.
func csvCell(text string) string {
	start := strings.TrimLeft(text, " \u00a0")
	if start == "" || !strings.ContainsAny(start[:1], "=+-@\t\r\n|") && !strings.HasPrefix(start, "＝") {
		return text
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return text
	}
	return "'" + text
}
