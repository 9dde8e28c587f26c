package taskflow

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// StatsPath is where a server with Config.Observe answers with an Observation.
// Query: from and to bound the window [from, to) by when the answer was given,
// in ns of CLOCK_MONOTONIC (default: all, until now); reset=1 then forgets all samples.
// The answers at this path itself are in no figure.
const StatsPath = "/__taskbench/stats"

// Observation is what the server saw itself do within a window. Times are in
// nanoseconds of CLOCK_MONOTONIC, latencies in microseconds, from the moment a
// request's head was read to the moment its answer was handed to the system,
// delays and stalls included.
type Observation struct {
	StartedNs  int64   `json:"started_ns"` // when the server was made; stalls count from here
	NowNs      int64   `json:"now_ns"`
	FromNs     int64   `json:"from_ns"` // the window asked for, or what bounds all samples
	ToNs       int64   `json:"to_ns"`
	Dropped    int64   `json:"dropped"` // answers not kept for want of room, in or out of the window
	CPUSeconds float64 `json:"cpu_s"`   // of this process since it began, user and system

	Good   int64              `json:"good"` // answers with a status below 400
	Total  ObservedRoute      `json:"total"`
	Routes []ObservedRoute    `json:"routes"` // those that were asked, in the order of the API
	Stalls []ObservedInterval `json:"stalls"` // those that touch the window
	Queue  *ObservedQueue     `json:"queue,omitempty"`
}

// ObservedRoute is the answers of one endpoint.
type ObservedRoute struct {
	Route    string           `json:"route"` // "GET /health"; "" for the total
	Answers  int64            `json:"answers"`
	Statuses map[string]int64 `json:"statuses"` // "200": how many
	Latency  ObservedLatency  `json:"latency_us"`

	histogram *hdrhistogram.Histogram
}

// ObservedLatency is a distribution in microseconds, with a relative error
// below 0.1 %; HDR is the same as HdrHistogram V2, in base64. Zero without answers.
type ObservedLatency struct {
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P75  float64 `json:"p75"`
	P90  float64 `json:"p90"`
	P95  float64 `json:"p95"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p99_9"`
	Max  float64 `json:"max"`
	HDR  string  `json:"hdr"`
}

// ObservedInterval is a span of CLOCK_MONOTONIC.
type ObservedInterval struct {
	FromNs int64 `json:"from_ns"`
	ToNs   int64 `json:"to_ns"`
}

// window is what a request for statistics asks for, in ns of CLOCK_MONOTONIC.
type window struct {
	from, to int64
	reset    bool
}

func parseWindow(query url.Values, origin, now int64) (window, error) {
	w := window{from: origin, to: now, reset: query.Get("reset") == "1"}
	for name, to := range map[string]*int64{"from": &w.from, "to": &w.to} {
		text := query.Get(name)
		if text == "" {
			continue
		}
		value, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return window{}, fmt.Errorf("%s is %q, want nanoseconds of CLOCK_MONOTONIC", name, text)
		}
		*to = value
	}
	return w, nil
}

func (s *Server) serveStats(w http.ResponseWriter, r *http.Request) {
	now := monotonic()
	span, err := parseWindow(r.URL.Query(), s.observer.origin, now+1)
	if err != nil {
		bad(err).write(w)
		return
	}
	object(http.StatusOK, encode(s.observation(span, now))).write(w)
}

// Observe is what StatsPath answers, for a window [from, to) in ns of
// CLOCK_MONOTONIC. Without Config.Observe it is the zero Observation.
func (s *Server) Observe(from, to int64) Observation {
	if s.observer == nil {
		return Observation{}
	}
	return s.observation(window{from: from, to: to}, monotonic())
}

func (s *Server) observation(span window, now int64) Observation {
	span.to = min(span.to, now+1)
	out := Observation{
		StartedNs: s.observer.origin, NowNs: now, FromNs: span.from, ToNs: span.to,
		CPUSeconds: processCPU().Seconds(),
		Total:      newObservedRoute(""),
		Stalls:     s.config.Stall.within(s.observer.origin, span.from, span.to),
	}
	if s.queue != nil {
		out.Queue = s.queue.observed(s.elapsed())
	}
	routes := make([]ObservedRoute, len(s.routes))
	out.Dropped = s.observer.collect(span.from-s.observer.origin, span.to-s.observer.origin, span.reset, func(x sample) {
		if routes[x.route].histogram == nil {
			routes[x.route] = newObservedRoute(s.routes[x.route].pattern)
		}
		routes[x.route].add(x)
		out.Total.add(x)
		if x.status < 400 {
			out.Good++
		}
	})
	out.Total.close()
	for _, rt := range routes {
		if rt.histogram != nil {
			rt.close()
			out.Routes = append(out.Routes, rt)
		}
	}
	return out
}

func newObservedRoute(name string) ObservedRoute {
	longest := int64(math.MaxUint32) * int64(tookUnit)
	return ObservedRoute{Route: name, Statuses: map[string]int64{}, histogram: hdrhistogram.New(1, longest, 3)}
}

func (r *ObservedRoute) add(x sample) {
	r.Answers++
	r.Statuses[strconv.Itoa(int(x.status))]++
	_ = r.histogram.RecordValue(int64(x.took) * int64(tookUnit)) // the histogram spans all of uint32
}

// close works out the latencies of a route from its histogram of nanoseconds.
func (r *ObservedRoute) close() {
	h := r.histogram
	if r.Answers == 0 {
		return
	}
	at := func(percentile float64) float64 {
		return float64(h.ValueAtQuantile(percentile)) / 1e3
	}
	r.Latency = ObservedLatency{
		Mean: h.Mean() / 1e3,
		P50:  at(50), P75: at(75), P90: at(90), P95: at(95), P99: at(99), P999: at(99.9),
		Max: float64(h.Max()) / 1e3,
		HDR: hdrInMicroseconds(h),
	}
}

// hdrInMicroseconds encodes a histogram of nanoseconds as one of microseconds.
func hdrInMicroseconds(h *hdrhistogram.Histogram) string {
	out := hdrhistogram.New(1, h.HighestTrackableValue()/1e3+1, 3)
	for _, bar := range h.Distribution() {
		_ = out.RecordValues(int64(math.Round(float64(bar.To)/1e3)), bar.Count) // fits by construction
	}
	text, err := out.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		panic("taskflow: histogram does not encode: " + err.Error())
	}
	return string(text)
}

// within lists the stalls that touch [from, to), given the server's start.
func (s Stall) within(origin, from, to int64) []ObservedInterval {
	var out []ObservedInterval
	if s.Every <= 0 {
		return nil
	}
	for k := max(1, (from-origin)/int64(s.Every)); ; k++ {
		begin := origin + k*int64(s.Every)
		end := begin + int64(s.Length)
		if begin >= to {
			return out
		}
		if end > from {
			out = append(out, ObservedInterval{begin, end})
		}
	}
}

// Duration is the length of the window.
func (o Observation) Duration() time.Duration { return time.Duration(o.ToNs - o.FromNs) }
