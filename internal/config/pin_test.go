package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/machine"
)

func TestParsePin(t *testing.T) {
	t.Parallel()
	if servers, generator, err := ParsePin(""); servers != nil || generator != nil || err != nil {
		t.Errorf("nothing asked: %v, %v, %v", servers, generator, err)
	}
	cpus := machine.CPUs()
	first, last := cpus[0], cpus[len(cpus)-1]
	servers, generator, err := ParsePin(fmt.Sprintf("%d:%d", first, last))
	if err != nil || !cmp.Equal(servers, []int{first}) || !cmp.Equal(generator, []int{last}) {
		t.Errorf("%v, %v, %v; want CPU %d for servers and %d for the generator", servers, generator, err, first, last)
	}
	for text, want := range map[string]string{"yes": "neither halves nor", "0": "neither", "0:": "not a list", "0:4000": "no CPU 4000"} {
		if _, _, err := ParsePin(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestPairsAndLimitsOfTheFile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"auto": AutoPairs, "12": 12} {
		c, err := Parse("f.yaml", []byte("run: {pairs: "+text+", max_time: 10m, pin: halves}\n"))
		if machineHasOneCore := err != nil && strings.Contains(err.Error(), "one core"); machineHasOneCore {
			t.Skip(err)
		}
		if err != nil || c.Pairs != want || c.MaxTime.Minutes() != 10 || c.Pin != HalfPin {
			t.Errorf("pairs %s: %+v, %v", text, c, err)
		}
		var written strings.Builder
		if err := c.Write(&written); err != nil {
			t.Fatal(err)
		}
		again, err := Parse("f.yaml", []byte(written.String()))
		if d := cmp.Diff(c, again); err != nil || d != "" {
			t.Errorf("what config prints is another configuration: %v (-read +again)\n%s", err, d)
		}
	}
}
