package report

import (
	"testing"

	"taskbench/internal/page"
)

// No line of the page ends between a number and its unit.
func TestNumbersStayWithTheirUnits(t *testing.T) {
	t.Parallel()
	if got, want := newItem(page.Line{Text: "72 % less CPU time"}).Text, "72\u00a0% less CPU time"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	r := newRow(page.Row{Cells: []page.Cell{{Text: "p50"}, {Text: "10.21 ms"}}}, []column{{}, {Text: "c"}}, nil)
	if got, want := r.Cells[0].Text, "10.21\u00a0ms"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
