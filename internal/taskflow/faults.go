package taskflow

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// waitOut sleeps to the end of the stall that is on at the given time since
// the start, if one is.
func (s *Server) waitOut(at time.Duration) {
	if left := s.config.Stall.left(at); left > 0 {
		s.sleep(left)
	}
}

// left is how much of a stall remains at a time since the start; 0 outside one.
func (s Stall) left(at time.Duration) time.Duration {
	if s.Every <= 0 || at < s.Every {
		return 0
	}
	return max(0, s.Length-at%s.Every)
}

// errorDice decides which requests fail. Of each block of 1024 requests the
// number is exact (to the fraction carried over); which ones is a shuffle set
// by the seed, so that errors fall on every step of a scenario.
type errorDice struct {
	rate  float64
	seed  uint64
	count atomic.Uint64
}

const diceBlock = 1024

func newErrorDice(rate float64, seed int64) *errorDice {
	return &errorDice{rate: rate, seed: uint64(seed)}
}

// strikes reports whether the next request fails.
func (d *errorDice) strikes() bool {
	return d.rate > 0 && d.hits(d.count.Add(1)-1)
}

// hits reports whether the i-th request fails, counted from 0. An odd factor
// permutes the numbers below a power of two.
func (d *errorDice) hits(i uint64) bool {
	block, place := i/diceBlock, i%diceBlock
	shuffle := rand.NewPCG(d.seed, block)
	factor, offset := shuffle.Uint64()|1, shuffle.Uint64()
	errors := d.until(block+1) - d.until(block)
	return (place*factor+offset)%diceBlock < errors
}

// until is the number of errors in the blocks before the given one.
func (d *errorDice) until(block uint64) uint64 {
	return uint64(float64(block*diceBlock) * d.rate)
}

// connection counts the answers given on one connection.
type connection struct {
	net.Conn
	answers atomic.Int64
}

type connectionKey struct{}

// withConnection makes a connection known to the requests that come over it.
func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{Conn: c})
}

// lastOnConnection counts an answer and reports whether the connection is to
// be closed after it. Without Serve there is no connection to know of.
func (s *Server) lastOnConnection(r *http.Request) bool {
	c, ok := r.Context().Value(connectionKey{}).(*connection)
	return ok && c.answers.Add(1) >= int64(s.config.CloseAfter)
}

// hangUp closes the connection under a request without a word.
func hangUp(r *http.Request) {
	if c, ok := r.Context().Value(connectionKey{}).(*connection); ok {
		_ = c.Close() // it may be closed already, which is as well
	}
}

// flush hands what was written over to the system.
func flush(w http.ResponseWriter) {
	_ = http.NewResponseController(w).Flush() // recorders in tests have nothing to flush
}

// leakStep is how often leaked memory is added.
const leakStep = 100 * time.Millisecond

// leak keeps rate bytes per second, touched, until ctx ends; nothing frees
// them before the process does.
func leak(ctx context.Context, rate float64) {
	tick := time.NewTicker(leakStep)
	defer tick.Stop()
	began := time.Now()
	var kept leaked
	for {
		select {
		case <-ctx.Done():
			kept.free()
			return
		case now := <-tick.C:
			kept.growTo(int64(rate * now.Sub(began).Seconds()))
		}
	}
}
