package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"regexp"
	"testing"

	"taskbench/compare"
	"taskbench/compare/history"
	"taskbench/compare/profiles"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// shownFigures are what a page shows, by where it stands: "table | row |
// target" gives the value that is printed there, "table | row | ratio of
// target" the ratio.
type shownFigures map[string]string

var (
	tableOf   = regexp.MustCompile(`(?s)<table class="([^"]*)"([^>]*)>(.*?)</table>`)
	rowOf     = regexp.MustCompile(`(?s)<tr (data-[^>]*)>(.*?)</tr>`)
	figureOf  = regexp.MustCompile(`data-target="([^"]*)" data-value="([^"]*)"`)
	ratioOf   = regexp.MustCompile(`data-ratio="([^"]*)" data-of="([^"]*)"`)
	captionOf = regexp.MustCompile(`<caption>([^<]*)</caption>`)
	dataOf    = regexp.MustCompile(`data-([a-z]+)="([^"]*)"`)
)

// readFigures reads a page as the browser has it.
func readFigures(dom string) shownFigures {
	shown := shownFigures{}
	for _, section := range regexp.MustCompile(`(?s)<section (?:id|aria-labelledby)="([^"]*)".*?</section>`).FindAllStringSubmatch(dom, -1) {
		for _, t := range tableOf.FindAllStringSubmatch(section[0], -1) {
			place := data(t[2])
			name := section[1]
			if place["key"] != "" {
				name += " " + place["key"]
			}
			if caption := captionOf.FindStringSubmatch(t[3]); caption != nil {
				name += " " + caption[1]
			}
			for _, r := range rowOf.FindAllStringSubmatch(t[3], -1) {
				shown.read(name, r)
			}
		}
	}
	return shown
}

func data(attributes string) map[string]string {
	values := map[string]string{}
	for _, d := range dataOf.FindAllStringSubmatch(attributes, -1) {
		values[d[1]] = html.UnescapeString(d[2])
	}
	return values
}

func (s shownFigures) read(table string, row []string) {
	own := data(row[1])
	where := table + " | " + own["metric"] + " " + own["step"] + " | "
	for _, f := range figureOf.FindAllStringSubmatch(row[2], -1) {
		s.put(where+html.UnescapeString(f[1]), f[2])
	}
	for _, f := range ratioOf.FindAllStringSubmatch(row[2], -1) {
		s.put(where+"ratio of "+html.UnescapeString(f[2]), f[1])
	}
}

// put keeps all of several values of one place, in their order.
func (s shownFigures) put(where, value string) {
	if s[where] != "" {
		value = s[where] + " " + value
	}
	s[where] = value
}

func (s shownFigures) add(where string, v *float64) {
	if v != nil {
		s.put(where, fmt.Sprint(*v))
	}
}

// read gives what a writer of JSON says, as any program would read it.
func readJSON[C any](t *testing.T, write func(io.Writer, *C) error, c *C) C {
	t.Helper()
	var text bytes.Buffer
	var got C
	if err := write(&text, c); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func wordsJSON[C any](say func(*C) page.Page) func(io.Writer, *C) error {
	return func(w io.Writer, c *C) error { return page.JSON(w, say(c)) }
}

func anyJSON[C any](w io.Writer, c *C) error { return json.NewEncoder(w).Encode(c) }

func (s shownFigures) cells(where string, cells []verdict.Cell) {
	for _, c := range cells {
		s.add(where+c.Target, c.Median)
		if c.Ratio != nil {
			s.add(where+"ratio of "+c.Target, &c.Ratio.Ratio)
		}
	}
}

// leading are the metrics that matter.
var leading = []*figure.Figure{figure.Throughput, figure.P95, figure.CPUPerAnswer}

// expected are the figures of the JSON of every kind, where the page is to show
// them.
func expected(t *testing.T, m Material) shownFigures {
	t.Helper()
	want := shownFigures{}
	load := readJSON(t, wordsJSON(words.Load), m.Load.Comparison)
	for i, s := range load.Scenarios {
		for _, r := range s.Rows {
			if r.Metric.Equal(figure.AnswersPerCPU) || r.Step != "" && (r.Metric.Equal(figure.Throughput) || r.Metric.Equal(figure.Errors)) {
				continue // for programs only
			}
			where := fmt.Sprintf("s%d | %s  | ", i+1, r.Metric.Key)
			if r.Step != "" {
				where = fmt.Sprintf("s%d Steps | %s  | ", i+1, r.Step)
			}
			want.cells(where, r.Cells)
		}
		for _, m := range leading {
			if r, ok := s.Row(m); ok {
				want.cells("summary | "+s.Name+"  | ", r.Cells)
			}
		}
	}
	for _, m := range leading {
		for _, o := range load.Summary.Overall {
			if o.Metric.Equal(m) {
				want.add("summary |   | ratio of "+o.Target, &o.Ratio)
			}
		}
	}
	micro := readJSON(t, wordsJSON(words.Micro), m.Micro.Comparison)
	for _, r := range micro.Rows {
		for _, c := range r.Cells {
			want.cells("micro | "+r.ID+"  | ", []verdict.Cell{{Target: c.Target, Median: c.Median, Ratio: c.Ratio}})
		}
	}
	for _, g := range micro.Groups {
		want.add("micro | mean "+g.Group+"  | ratio of "+g.Target, &g.Overall.Ratio)
	}
	for n, r := range readJSON(t, wordsJSON(words.Memory), m.Memory.Comparison).Rows {
		want.cells("memory | "+m.Memory.Comparison.Rows[n].Metric.Key+"  | ", r.Cells)
	}
	want.profile("cpu", m.CPU.Comparison.Figures, readJSON(t, wordsJSON(words.Profile), m.CPU.Comparison))
	want.profile("heap", m.Heap.Comparison.Figures, readJSON(t, wordsJSON(words.Profile), m.Heap.Comparison))
	for _, trend := range m.Trends {
		want.trend(load, readJSON(t, anyJSON, trend))
	}
	return want
}

func (s shownFigures) profile(section string, figures []profiles.Figure, p profiles.Profile) {
	for n, f := range p.Figures {
		for _, c := range f.Cells {
			s.add(fmt.Sprintf("%s | %s  | %s", section, figures[n].Figure.Key, c.Target), c.Median)
		}
	}
	for _, h := range p.Hot {
		for i := range p.Targets {
			where := fmt.Sprintf("%s | %s  | %s", section, h.Name, p.Targets[i].Label)
			s.add(where, h.Self[i])
			s.add(where, h.Total[i])
		}
	}
}

func (s shownFigures) trend(c compare.Comparison, t history.Trend) {
	for i, shown := range c.Scenarios {
		for _, series := range t.Series {
			if series.Scenario != shown.Name || series.Connections != shown.Load.Connections {
				continue
			}
			for _, p := range series.Points {
				where := fmt.Sprintf("s%d %s of %s | %s  | ", i+1, t.Metric.Key, series.Target, p.Session)
				s.add(where+series.Target, &p.Median)
				if p.Ratio != nil {
					s.add(where+"ratio of "+series.Target, &p.Ratio.Ratio)
				}
			}
		}
	}
}

// The figures in the browser are those of the JSON of every kind, all of them,
// and there are no others.
func TestBrowserShowsTheNumbersOfTheJSON(t *testing.T) {
	m := whole(t, 2, 8)
	dom, _ := browse(t, rendered(t, m), nil)
	got, want := readFigures(dom), expected(t, m)
	for where, v := range want {
		if got[where] != v {
			t.Errorf("%s: %q in the page, %q in the JSON", where, got[where], v)
		}
	}
	for where, v := range got {
		if _, known := want[where]; !known && !bySweep.MatchString(where) {
			t.Errorf("%s: %q in the page, and not in the JSON", where, v)
		}
	}
	if len(want) < 200 {
		t.Errorf("only %d figures are in the JSON", len(want))
	}
}

// bySweep are tables of scaling: they repeat figures of the scenarios' own.
var bySweep = regexp.MustCompile(`^w\d`)
