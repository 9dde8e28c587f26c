package captured

import (
	"slices"
	"testing"

	"taskbench/scenarios"
)

// Every kind of place that writes values in its own way has a table of its own.
func TestTables(t *testing.T) {
	t.Parallel()
	kinds := []scenarios.Escape{
		scenarios.EscapeNone, scenarios.EscapeURL, scenarios.EscapeJSONString, scenarios.EscapeJSONValue, scenarios.EscapeInt, scenarios.EscapeNumber,
		scenarios.EscapeBool, scenarios.EscapeJSON, scenarios.EscapeRaw, scenarios.EscapePath, Header, List, Elements,
	}
	of := map[string]scenarios.Escape{}
	for _, e := range kinds {
		if other, taken := of[Table(e)]; taken {
			t.Errorf("%q and %q are both kept in %s", other, e, Table(e))
		}
		of[Table(e)] = e
	}
}

func TestUsesAreASet(t *testing.T) {
	t.Parallel()
	var u Uses
	for _, e := range []scenarios.Escape{Header, List, Header, List} {
		u = u.With(e)
	}
	if !slices.Equal(u, Uses{Header, List}) {
		t.Errorf("%v", u)
	}
}

// An array must have the elements that are asked for, each fit for all its places.
func TestListUse(t *testing.T) {
	t.Parallel()
	var u ListUse
	u.Note("0", scenarios.EscapeURL)
	u.Note("2", scenarios.EscapeInt)
	u.Note("random", Header) // a text, as in a path
	u.Note("1", scenarios.EscapeJSONValue)
	if u.Least != 3 || !slices.Equal(u.Fits, []scenarios.Escape{scenarios.EscapeNone, scenarios.EscapeInt}) {
		t.Errorf("%+v", u)
	}
}
