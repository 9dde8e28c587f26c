package export

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	docs "taskbench/compare/sample"
	"taskbench/compare/stats"
	"taskbench/results"
)

// Trackers compare what has one name: what another sender sent has another.
func TestSendersHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	sent := func(hosts int) *compare.Comparison {
		two := []results.Document{docs.LoadTest("rust", 1, docs.Health(6)), docs.LoadTest("windjammer", 1, docs.Health(6))}
		for i := range two {
			two[i].Plan.Hosts = hosts
		}
		c, err := compare.New(two, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for want, write := range map[string]func(io.Writer, *compare.Comparison) error{
		`"health (wrk on 2 hosts)/rust"`:        Bencher,
		"/sender=wrk_on_2_hosts/connections=50": GoBenchmark,
		`,sender="wrk on 2 hosts"`:              OpenMetrics,
		`"health (wrk on 2 hosts)/rust throughput"`: func(w io.Writer, c *compare.Comparison) error {
			return GitHubActionBenchmark(w, c, stats.HigherIsBetter)
		},
		`<property name="sent by" value="wrk on 2 hosts">`: func(w io.Writer, c *compare.Comparison) error {
			g, err := gate.Of(c, gate.Options{Rule: stats.DefaultGate()})
			if err != nil {
				return err
			}
			return JUnit(w, g)
		},
	} {
		for hosts, has := range map[int]bool{0: false, 2: true} {
			var b bytes.Buffer
			if err := write(&b, sent(hosts)); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), want) != has || strings.Contains(b.String(), "wrk") != has {
				t.Errorf("%d hosts, %s: %.300s", hosts, want, b.String())
			}
		}
	}
}
