package wrk

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"taskbench/parse"
)

// handOver is a done() that writes what parse.Uncorrect needs, as generated
// scripts in request mode do.
const handOver = `
function done(summary, latency)
  local bars = {}
  for i = 1, #latency do
    local value, count = latency(i)
    bars[i] = '[' .. value .. ',' .. count .. ']'
  end
  local f = io.open(os.getenv('TASKBENCH_OUT'), 'w')
  f:write(string.format('{"threads":1,"connections":1,"duration_us":%d,"requests":%d,"errors":{"timeout":%d},"latency":[%s]}',
    summary.duration, summary.requests, summary.errors.timeout, table.concat(bars, ',')))
  f:close()
end`

// slowEvery answers every n-th request after a pause.
func slowEvery(t *testing.T, n int64, pause time.Duration) string {
	t.Helper()
	var count atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if count.Add(1)%n == 0 {
			time.Sleep(pause)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func measure(t *testing.T, o Options) (parse.Printout, *parse.Block) {
	t.Helper()
	o.Script = writeScript(t, handOver)
	out, err := run(t, o)
	if err != nil {
		t.Fatal(err)
	}
	reports, err := parse.Wrk("wrk", strings.NewReader(string(out.Stdout)))
	if err != nil {
		t.Fatal(err)
	}
	b := &parse.Block{}
	if err := json.Unmarshal(out.Block, &b.Wrk); err != nil {
		t.Fatal(err)
	}
	return reports[0], b
}

// wrk invents samples, Uncorrect takes exactly those out again: what remains
// is one sample an answer, and their mean obeys Little's law where wrk's own
// does not.
func TestCorrectionIsUndone(t *testing.T) {
	t.Parallel()
	realWrk(t)
	printed, b := measure(t, oneSecond(slowEvery(t, 100, 300*time.Millisecond)))
	h, err := parse.Uncorrect(b)
	if err != nil {
		t.Fatal(err)
	}
	var corrected uint64
	for _, bar := range b.Wrk.Latency {
		corrected += bar[1]
	}
	if uint64(h.TotalCount()) != b.Wrk.Requests || corrected <= b.Wrk.Requests {
		t.Errorf("%d answers, %d samples handed over, %d after repair", b.Wrk.Requests, corrected, h.TotalCount())
	}
	throughput := float64(b.Wrk.Requests) / float64(b.Wrk.DurationUS) * 1e6
	wrks := parse.LittleRatio(1, throughput, *printed.LatencyMeanUS)
	ours := parse.LittleRatio(1, throughput, h.Mean())
	t.Logf("connections / (throughput × mean): %.2f by wrk's mean, %.2f by the repaired one", wrks, ours)
	if wrks >= ours {
		t.Errorf("repair did not bring the mean down: %g, %g", wrks, ours)
	}
}

// Answers slower than -T are in no percentile, only in a count.
func TestTimeoutsLeaveTheHistogram(t *testing.T) {
	t.Parallel()
	realWrk(t)
	o := oneSecond(slowEvery(t, 20, 1200*time.Millisecond))
	o.Timeout, o.Duration = time.Second, 3*time.Second
	printed, b := measure(t, o)
	h, err := parse.Uncorrect(b)
	if err != nil {
		t.Fatal(err)
	}
	timeouts := b.Wrk.Errors.Timeout
	if timeouts == 0 || uint64(h.TotalCount()) != b.Wrk.Requests-timeouts || h.Max() > 1_001_000 {
		t.Errorf("%d timeouts of %d answers, %d samples up to %d µs", timeouts, b.Wrk.Requests, h.TotalCount(), h.Max())
	}
	if printed.SocketErrors == nil || printed.SocketErrors.Timeout != timeouts {
		t.Errorf("printed %+v", printed.SocketErrors)
	}
}
