package why

import (
	"fmt"
	"strings"
	"testing"

	"taskbench/compare/finding"
	"taskbench/compare/sample"
	"taskbench/results"
)

// A program without symbols is told of, for what is called of it meets nothing.
func TestWithoutSymbols(t *testing.T) {
	t.Parallel()
	docs := []results.Document{sample.Ledger("rust", 10000), sample.Ledger("wj", 10400)}
	for i, name := range []string{"api::store", "[program]"} {
		for k := range docs[i].Scenarios[0].Trials[0].Steps {
			docs[i].Scenarios[0].Trials[0].Steps[k].Cost.Functions = &results.FunctionCosts{Name: []string{name}, Module: []string{"m"}, Instructions: []int64{180000}, Inclusive: []int64{180000}, Calls: []int64{1}, SystemCalls: []int64{0}, Allocations: []int64{0}}
		}
	}
	w, err := New(docs, Options{Step: "create"})
	if err != nil {
		t.Fatal(err)
	}
	told := w.Notes[len(w.Notes)-1]
	if told.Code != finding.NoSymbols || told.Target != "wj" || told.Values["fraction"] != 180000.0/208000 {
		t.Errorf("%+v", w.Notes)
	}
}

// A rename of what is not there is an error, and says what there is.
func TestRenamesOfNothing(t *testing.T) {
	t.Parallel()
	docs := []results.Document{sample.Ledger("rust", 10000), sample.Ledger("wj", 10400)}
	for i, name := range []string{"api::store", "<server::Store as Put>::put"} {
		for k := range docs[i].Scenarios[0].Trials[0].Steps {
			docs[i].Scenarios[0].Trials[0].Steps[k].Cost.Functions = &results.FunctionCosts{Name: []string{name}, Module: []string{"m"}, Instructions: []int64{9000}, Inclusive: []int64{9000}, Calls: []int64{1}, SystemCalls: []int64{0}, Allocations: []int64{0}}
		}
	}
	for rename, want := range map[Renamed]string{
		{"api::store", "<server::Store as Put>::put"}: "",
		{"api::*", "server::*"}:                       "",
		{"api::stor", "server::*"}:                    `no function of the baseline is called "api::stor"`,
		{"server::*", "api::*"}:                       `no function of the baseline is called "server::*"`,
		{"api::*", "server::x"}:                       `no function of the candidate is called "server::x"`,
	} {
		_, err := New(docs, Options{Renamed: []Renamed{rename}})
		if got := fmt.Sprint(err); (want == "") != (err == nil) || !strings.Contains(got, want) {
			t.Errorf("%v: %v, want %q", rename, err, want)
		}
	}
}
