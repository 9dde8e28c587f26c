package export

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"taskbench/compare"
)

// family is one metric family of OpenMetrics.
type family struct{ name, unit, help string }

var families = []struct {
	metrics []compare.Metric
	family
	scale float64 // from the metric's unit to the family's base unit
}{
	{[]compare.Metric{compare.Throughput}, family{"taskbench_throughput", "", "Good answers a second, median over the pairs."}, 1},
	{[]compare.Metric{compare.P50, compare.P95, compare.P99, compare.Max}, family{"taskbench_latency_seconds", "seconds", "Latency percentile, median over the pairs."}, 1e-6},
	{[]compare.Metric{compare.FlowP95}, family{"taskbench_flow_p95_seconds", "seconds", "95th percentile of whole iterations."}, 1e-6},
	{[]compare.Metric{compare.CPUPerAnswer}, family{"taskbench_cpu_per_answer_seconds", "seconds", "Server CPU time a good answer."}, 1e-6},
	{[]compare.Metric{compare.AnswersPerCPU}, family{"taskbench_answers_per_cpu_second", "", "Good answers a second of server CPU time."}, 1},
	{[]compare.Metric{compare.InstructionsPer}, family{"taskbench_instructions_per_answer", "", "Instructions a good answer."}, 1},
	{[]compare.Metric{compare.Resident}, family{"taskbench_server_resident_bytes", "bytes", "Peak resident memory of the server's processes."}, 1},
	{[]compare.Metric{compare.Errors}, family{"taskbench_error_ratio", "ratio", "Share of requests without a good answer."}, 1},
}

// OpenMetrics writes gauges in the OpenMetrics text format 1.0
// (github.com/prometheus/OpenMetrics), in base units, with the time each
// target's run was begun: for promtool tsdb create-blocks-from openmetrics.
func OpenMetrics(w io.Writer, c *compare.Comparison) error {
	out := bufio.NewWriter(w)
	list := entries(c)
	for _, f := range families {
		var samples []string
		for _, e := range list {
			if percentile, ok := member(f.metrics, e.metric); ok {
				samples = append(samples, sample(f.name, labels(e, percentile), f.scale*e.median, e.target.Created))
			}
		}
		f.write(out, samples)
	}
	var ratios []string
	for _, e := range list {
		if e.ratio != nil && e.ratio.Ratio > 0 {
			more := fmt.Sprintf(`,metric="%s",baseline="%s"`, labelValue(e.metric.Name()), labelValue(c.Baseline))
			ratios = append(ratios, sample("taskbench_candidate_ratio", labels(e, "")+more, e.ratio.Ratio, e.target.Created))
		}
	}
	family{"taskbench_candidate_ratio", "ratio", "Candidate over baseline, over the pairs."}.write(out, ratios)
	fmt.Fprintln(out, "# EOF")
	return out.Flush()
}

// member finds a metric among those of a family, and the percentile it is
// where the family has several.
func member(of []compare.Metric, m compare.Metric) (percentile string, ok bool) {
	for _, one := range of {
		if one == m && len(of) > 1 {
			return kebab(m), true
		}
		if one == m {
			return "", true
		}
	}
	return "", false
}

// write leaves out a family without samples. An error stays in out until Flush.
func (f family) write(out *bufio.Writer, samples []string) {
	if len(samples) == 0 {
		return
	}
	fmt.Fprintf(out, "# TYPE %s gauge\n", f.name)
	if f.unit != "" {
		fmt.Fprintf(out, "# UNIT %s %s\n", f.name, f.unit)
	}
	fmt.Fprintf(out, "# HELP %s %s\n", f.name, f.help)
	for _, s := range samples {
		fmt.Fprintln(out, s)
	}
}

func sample(name, labels string, v float64, at time.Time) string {
	return fmt.Sprintf("%s{%s} %s %d.%03d", name, labels, strconv.FormatFloat(v, 'g', -1, 64), at.Unix(), at.Nanosecond()/1e6)
}

func labels(e entry, percentile string) string {
	text := fmt.Sprintf(`scenario="%s",connections="%d",step="%s",implementation="%s",session="%s"`,
		labelValue(e.scenario), e.connections, labelValue(e.step), labelValue(e.target.Implementation), labelValue(e.target.Session))
	if percentile != "" {
		text += `,percentile="` + percentile + `"`
	}
	return text
}

// labelEscapes are those of the format's grammar. Everything else stands as it
// is: two names never become one.
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func labelValue(text string) string { return labelEscapes.Replace(strings.ToValidUTF8(text, "�")) }
