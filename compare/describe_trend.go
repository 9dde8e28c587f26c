package compare

import "fmt"

// TrendText is one series of a trend in words, a cell for each of its points;
// see Description.
type TrendText struct {
	Title   string
	Figures []string
	Ratios  []string // with their intervals; "" without a control
	Remarks []string // the step, or why the run is not compared with the one before; "" for neither
}

// DescribeTrend puts the series of a trend into words, in their order.
func DescribeTrend(t *Trend) []TrendText {
	list := make([]TrendText, len(t.Series))
	for i, s := range t.Series {
		d := TrendText{Title: clean(fmt.Sprintf("%s of %s", t.Metric.Name, s.Target))}
		if s.Control != "" {
			d.Title += clean(", and its ratio to " + s.Control)
		}
		medians := make([]*float64, len(s.Points))
		for k, p := range s.Points {
			medians[k] = &s.Points[k].Median
			d.Ratios = append(d.Ratios, trendRatio(p.Ratio))
			d.Remarks = append(d.Remarks, clean(trendRemark(p)))
		}
		d.Figures = t.Metric.Texts(medians)
		list[i] = d
	}
	return list
}

func trendRatio(r *Ratio) string {
	switch {
	case r == nil:
		return ""
	case r.interval():
		return intervalText(r.Ratio, r.Verdict.CI)
	}
	return ratioText(r.Ratio)
}

func trendRemark(p TrendPoint) string {
	switch {
	case p.Break != "":
		return "not compared: " + p.Break
	case p.Step:
		return p.Change.Text()
	}
	return ""
}
