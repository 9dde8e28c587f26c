package luavm

import (
	"context"
	"net/http"
)

// Answer is what a server gave back for one request.
type Answer struct {
	Status int
	Header http.Header // names in the server's letter case, where known
	Body   []byte
	Bytes  uint64 // read from the connection; 0 counts the body's
}

// Do sends one request of a thread, numbered from 1, and returns its answer.
// An error stands for a broken connection: wrk reconnects and calls request()
// again, without response() between.
type Do func(thread int, raw []byte) (Answer, error)

// Run does wrk's work without wrk's speed: the started threads take turns, each
// sending one request (or pipeline of requests) a turn on one connection and
// handing the answers over, until every thread has done limit turns or was
// stopped, or the script has interrupted the process. It returns the summary for Done.
// Latencies are what the clock says: with a VirtualClock, Do makes them by
// sleeping on it. A request() that waits for another thread waits for ever.
//
// Errors of Do are counted, not returned; errors of the script end the run.
func (p *Process) Run(ctx context.Context, do Do, limit int) (Summary, error) {
	r := run{process: p, do: do}
	began := p.config.Clock.Now()
	for range limit {
		for _, t := range p.threads {
			if t.stopped || p.interrupted {
				continue
			}
			if err := ctx.Err(); err != nil {
				return r.summary, err
			}
			if err := r.turn(t); err != nil {
				return r.summary, err
			}
		}
	}
	r.summary.Duration = p.config.Clock.Now().Sub(began)
	return r.summary, nil
}

type run struct {
	process *Process
	do      Do
	summary Summary
}

// turn is one pass of a connection through wrk's event loop.
func (r *run) turn(t *Thread) error {
	pause, ok, err := t.Delay()
	if err != nil {
		return err
	}
	if ok {
		r.process.config.Clock.Sleep(pause)
	}
	raw, err := t.Request()
	if err != nil {
		return err
	}
	requests, err := splitRequests(raw)
	if err != nil {
		return r.process.requestError(err)
	}
	began := r.process.config.Clock.Now()
	for _, request := range requests {
		answer, err := r.do(t.id, request)
		if err != nil {
			r.summary.Errors.Read++
			return nil
		}
		if err := r.answered(t, answer); err != nil {
			return err
		}
	}
	took := r.process.config.Clock.Now().Sub(began)
	r.summary.Latency = append(r.summary.Latency, uint64(took.Microseconds()))
	return nil
}

func (r *run) answered(t *Thread, a Answer) error {
	r.summary.Requests++
	r.summary.Bytes += max(a.Bytes, uint64(len(a.Body)))
	if a.Status > 399 {
		r.summary.Errors.Status++
	}
	return t.Response(a.Status, a.Header, a.Body)
}
