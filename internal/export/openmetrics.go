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
type family struct {
	name, unit, help string
	samples          []string
}

// OpenMetrics writes gauges in the OpenMetrics text format 1.0
// (github.com/prometheus/OpenMetrics), in base units, with the time each
// target's run was begun: for promtool tsdb create-blocks-from openmetrics.
func OpenMetrics(w io.Writer, c *compare.Comparison) error {
	out := bufio.NewWriter(w)
	list := entries(c)
	for _, f := range families(list) {
		f.write(out)
	}
	var ratios []string
	for _, e := range list {
		if e.ratio != nil && e.ratio.Ratio > 0 {
			more := fmt.Sprintf(`,metric="%s",baseline="%s"`, labelValue(e.metric.Name), labelValue(c.Baseline))
			ratios = append(ratios, sample("taskbench_candidate_ratio", labels(e, "")+more, e.ratio.Ratio, e.target.Created))
		}
	}
	family{"taskbench_candidate_ratio", "ratio", "Candidate over baseline, over the pairs.", ratios}.write(out)
	fmt.Fprintln(out, "# EOF")
	return out.Flush()
}

// families are those of all figures, in the order of the tables.
func families(list []entry) []*family {
	var all []*family
	byName := map[string]*family{}
	for _, e := range list {
		name, unit, help, scale, label := e.metric.Family()
		f := byName[name]
		if f == nil {
			f = &family{name: name, unit: unit, help: help}
			byName[name], all = f, append(all, f)
		}
		f.samples = append(f.samples, sample(name, labels(e, label), scale*e.median, e.target.Created))
	}
	return all
}

// write leaves out a family without samples. An error stays in out until Flush.
func (f family) write(out *bufio.Writer) {
	if len(f.samples) == 0 {
		return
	}
	fmt.Fprintf(out, "# TYPE %s gauge\n", f.name)
	if f.unit != "" {
		fmt.Fprintf(out, "# UNIT %s %s\n", f.name, f.unit)
	}
	fmt.Fprintf(out, "# HELP %s %s\n", f.name, f.help)
	for _, s := range f.samples {
		fmt.Fprintln(out, s)
	}
}

func sample(name, labels string, v float64, at time.Time) string {
	return fmt.Sprintf("%s{%s} %s %d.%03d", name, labels, strconv.FormatFloat(v, 'g', -1, 64), at.Unix(), at.Nanosecond()/1e6)
}

func labels(e entry, percentile string) string {
	text := fmt.Sprintf(`scenario="%s",connections="%d",step="%s",implementation="%s",session="%s"`,
		labelValue(e.scenario), e.connections, labelValue(e.step), labelValue(e.target.Implementation), labelValue(e.target.Session))
	if e.sender != "" {
		text += `,sender="` + labelValue(e.sender) + `"`
	}
	if percentile != "" {
		text += `,percentile="` + percentile + `"`
	}
	return text
}

// labelEscapes are those of the format's grammar. Everything else stands as it
// is: two names never become one.
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func labelValue(text string) string { return labelEscapes.Replace(strings.ToValidUTF8(text, "�")) }
