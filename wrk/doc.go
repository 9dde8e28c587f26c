// Package wrk finds the load generator wrk, builds its command line, runs it
// and hands back what it wrote. It is the only place of taskbench that starts a
// generator on this machine; it watches over those that others start, RunBy.
//
// wrk reports very little as an error: it ends with status 0 when its script
// does not compile, when no answer ever came, when every answer was a 500. So
// Run believes a run only if there is proof that it happened as asked: nothing
// on stderr, exit status 0, the script's result block, at least one answer.
// Anything else is a *source.Error that says what happened and what to do.
//
// The package never interprets figures; that is what package parse is for.
//
//	out, err := wrk.Run(ctx, wrk.Options{URL: "http://localhost:3000/health",
//		Threads: 2, Connections: 10, Duration: 5 * time.Second})
package wrk
