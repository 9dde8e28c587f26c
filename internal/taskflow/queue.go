package taskflow

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ParseRate reads answers per second, such as "2000/s" or "2k/s"; "" is 0.
func ParseRate(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	wrong := fmt.Errorf("%q is not a rate: write such as 2000/s or 2k/s", text)
	number, ok := strings.CutSuffix(strings.TrimSpace(text), "/s")
	if !ok {
		return 0, wrong
	}
	thousands := 1.0
	if short, ok := strings.CutSuffix(number, "k"); ok {
		number, thousands = short, 1000
	}
	value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || value <= 0 || math.IsInf(value, 0) || math.IsNaN(value) {
		return 0, wrong
	}
	return value * thousands, nil
}

func ratePerSecond(rate float64) string { return strconv.FormatFloat(rate, 'f', -1, 64) + "/s" }

// queue is a server in the sense of queueing theory: it serves one request after
// the other, in the order in which they arrive, and takes the same time for each.
// So no more than its rate is ever answered, and no less as long as one waits. The
// times follow from the arrivals alone: a sleep that ends late delays one answer,
// and none behind it.
type queue struct {
	each time.Duration // service time

	mu     sync.Mutex
	free   time.Duration // since the server was made: when the last request has been served
	count  int64
	waited time.Duration // the longest wait for a turn
}

// enter takes a place behind all who wait, and returns when its service ends.
func (q *queue) enter(arrived time.Duration) (served time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	begin := max(arrived, q.free)
	q.free = begin + q.each
	q.count++
	q.waited = max(q.waited, begin-arrived)
	return q.free
}

// ObservedQueue is what the queue of Config.Capacity did since the server was made.
type ObservedQueue struct {
	CapacityPS   float64 `json:"capacity_per_s"`
	Requests     int64   `json:"requests"`    // that entered
	WaitedMostUS float64 `json:"waited_most"` // the longest wait for a turn, in µs
	BehindUS     float64 `json:"behind"`      // how long a request waits that arrives now, in µs
}

func (q *queue) observed(now time.Duration) *ObservedQueue {
	q.mu.Lock()
	defer q.mu.Unlock()
	return &ObservedQueue{
		CapacityPS: float64(time.Second) / float64(q.each), Requests: q.count,
		WaitedMostUS: micros(q.waited), BehindUS: micros(max(0, q.free-now)),
	}
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
