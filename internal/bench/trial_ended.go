package bench

import (
	"fmt"
	"slices"

	"taskbench/internal/server"
	"taskbench/results"
)

// ended tells what became of a server between two moments: nil while one of
// the processes that were the server still is. A worker that ends and is
// replaced by its parent is not the server's end.
func ended(before, after []server.Process) *results.Ended {
	if len(before) == 0 || slices.ContainsFunc(before, func(p server.Process) bool { return slices.Contains(after, p) }) {
		return nil
	}
	e := &results.Ended{Code: results.ServerEnded, Was: recorded(before[0])}
	if len(after) > 0 {
		now := recorded(after[0])
		e.Now, e.Code = &now, results.ServerReplaced
		if e.Was.Name == now.Name {
			e.Code = results.ServerRestarted
		}
	}
	return e
}

func recorded(p server.Process) results.Process { return results.Process{PID: p.PID, Name: p.Name} }

// endedText says so.
func endedText(e results.Ended) string {
	was := fmt.Sprintf("%s, pid %d", e.Was.Name, e.Was.PID)
	switch {
	case e.Was.PID == 0:
		return "the server ended while it was measured"
	case e.Code == results.ServerEnded:
		return fmt.Sprintf("the server's process (%s) ended while it was measured", was)
	case e.Code == results.ServerRestarted:
		return fmt.Sprintf("the server was restarted while it was measured (%s, is pid %d now)", was, e.Now.PID)
	default:
		return fmt.Sprintf("another process answers than when the measurement began (%s; now %s, pid %d)", was, e.Now.Name, e.Now.PID)
	}
}

// tailLines are enough to see why a server died.
const tailLines = 5

// died is the error of a load that failed: where the server has ended meanwhile,
// that is why.
func (s *session) died(err error) error {
	if err == nil {
		return nil
	}
	how, last := s.server.Died(tailLines)
	if how == "" {
		return err
	}
	e := results.Ended{Code: results.ServerEnded}
	if len(s.watch.owners) > 0 {
		e.Was = recorded(s.watch.owners[0])
	}
	return lastWords(fmt.Errorf("%s: %s", endedText(e), how), last)
}

// diedOf adds to the error of a request what became of the server.
func diedOf(err error, s Server) error {
	how, last := s.Died(tailLines)
	if how == "" {
		return err
	}
	return lastWords(fmt.Errorf("%w: the server ended (%s)", err, how), last)
}

// lastWords adds what a server wrote last.
func lastWords(err error, last string) error {
	if last == "" {
		return err
	}
	return fmt.Errorf("%w\nthe end of what it wrote:\n%s", err, last)
}
