package page

import "testing"

func TestCSVCellBeginsNoFormula(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"": "", "rust": "rust", "a=b": "a=b", "-5": "-5", "-1.5e-3": "-1.5e-3", "+2": "+2",
		"=1+1": "'=1+1", "+cmd|' /C calc'!A0": "'+cmd|' /C calc'!A0", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "  =1": "'  =1",
		"- x": "'- x", "|x": "'|x", "＝1": "'＝1",
	} {
		if got := csvCell(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}
