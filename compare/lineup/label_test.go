package lineup

import (
	"strings"
	"testing"

	"taskbench/results"
)

// TestLongNamesStayApart: names that begin alike are not cut to the same label.
func TestLongNamesStayApart(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("n", 60)
	list, err := enter(results.LoadTest, []results.Document{
		{Kind: results.LoadTest, Implementation: long + "-a", Session: "s"}, {Kind: results.LoadTest, Implementation: long + "-b", Session: "s"},
	})
	if err != nil || list[0].Label != long+"-a" || list[1].Label != long+"-b" {
		t.Errorf("%v, %v", list, err)
	}
	if list, err = enter(results.LoadTest, []results.Document{{Kind: results.LoadTest, Implementation: long}}); err != nil || len(list[0].Label) > 60 {
		t.Errorf("one long name alone: %v, %v", list, err)
	}
}
