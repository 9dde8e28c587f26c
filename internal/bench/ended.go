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
	switch e.Code {
	case results.ServerEnded:
		return fmt.Sprintf("the server's process (%s) ended while it was measured", was)
	case results.ServerRestarted:
		return fmt.Sprintf("the server was restarted while it was measured (%s, is pid %d now)", was, e.Now.PID)
	default:
		return fmt.Sprintf("another process answers than when the measurement began (%s; now %s, pid %d)", was, e.Now.Name, e.Now.PID)
	}
}
