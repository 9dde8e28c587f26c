// Package truth holds what taskbench reports against what a server saw itself
// do: is the throughput true, at ten virtual users as at five hundred, and do
// the percentiles agree where wrk's printed ones do not? It is all tests, and
// nothing may import it.
//
// The server is the reference server, which notes the time of every answer on
// the same clock as the generated scripts (CLOCK_MONOTONIC). "make bench-truth"
// prints the tables.
//
// No test here expects this machine to be fast, or idle. Counts are compared with
// a bound that holds however late the generator is scheduled: an answer that
// the server has given within the window, but the generator has not taken yet, is
// one of at most one a connection. Latencies are compared with an allowance that
// is measured beside them, for what lies between the server's clock and the
// generator's.
package truth
