package taskflow

import (
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// observer keeps when each answer was given, how long it took and what it was:
// raw samples, so that any window and any percentile can be had afterwards.
// Noting one takes some 30 ns; memory is bounded, later answers are only counted.
type observer struct {
	started time.Time
	origin  int64 // CLOCK_MONOTONIC at started, ns
	shards  [16]shard
}

// shard is a part of the samples with its own lock; requests pick one at random.
type shard struct {
	mu      sync.Mutex
	chunks  [][]sample
	dropped int64
	_       [64]byte // keeps neighbours off one cache line
}

// sample is one answer.
type sample struct {
	end    int64  // ns since the observer's start, when the answer was handed over
	took   uint32 // tookUnit, from the request's arrival in the handler to end
	route  uint16
	status uint16
}

const (
	tookUnit       = 100 * time.Nanosecond // so that 32 bits hold seven minutes
	chunkSamples   = 8192                  // 128 KiB
	chunksPerShard = 64                    // 8 million samples in all, 128 MiB
)

func newObserver(started time.Time) *observer {
	return &observer{started: started, origin: originOf(started, monotonic)}
}

// originOf is a moment on the system's clock. The scheduler may put us aside
// between the two clocks that are read for it, by milliseconds on a busy machine:
// of several readings that with the least between them counts.
func originOf(started time.Time, clock func() int64) int64 {
	best, least := int64(0), int64(math.MaxInt64)
	for range 20 {
		before := clock()
		since := int64(time.Since(started))
		if took := clock() - before; took < least {
			best, least = before+took/2-since, took
		}
	}
	return best
}

// note keeps one answer; arrived and end count from the server's start.
func (o *observer) note(route uint16, status int, arrived, end time.Duration) {
	o.shards[rand.Uint32N(uint32(len(o.shards)))].add(sample{
		end:    int64(end),
		took:   uint32(min((end-arrived)/tookUnit, 1<<32-1)),
		route:  route,
		status: uint16(status),
	})
}

func (s *shard) add(x sample) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.chunks)
	if n == 0 || len(s.chunks[n-1]) == chunkSamples {
		if n == chunksPerShard {
			s.dropped++
			return
		}
		s.chunks = append(s.chunks, make([]sample, 0, chunkSamples))
		n++
	}
	s.chunks[n-1] = append(s.chunks[n-1], x)
}

// collect calls visit for every sample with from <= end < to, and returns how
// many answers were not kept for want of room. With reset, all are forgotten.
func (o *observer) collect(from, to int64, reset bool, visit func(sample)) (dropped int64) {
	for i := range o.shards {
		chunks, lost := o.shards[i].snapshot(reset)
		dropped += lost
		for _, chunk := range chunks {
			for _, x := range chunk {
				if from <= x.end && x.end < to {
					visit(x)
				}
			}
		}
	}
	return dropped
}

// snapshot returns the samples so far. Chunks only ever grow at their ends, so
// the part returned is safe to read while more arrive.
func (s *shard) snapshot(reset bool) (chunks [][]sample, dropped int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	chunks, dropped = append(chunks, s.chunks...), s.dropped
	if reset {
		s.chunks, s.dropped = nil, 0
	}
	return chunks, dropped
}
