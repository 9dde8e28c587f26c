// Package profile finds out where a server's CPU time and heap allocations go:
// it runs perf on its process tree, or the server itself under heaptrack,
// while others drive the load, and adds what they recorded up to a tree of
// calls. The tree becomes shares of functions, folded stacks, a pprof profile and a page
// of flame graphs.
//
// It makes no load, judges nothing, and installs nothing: where perf or
// heaptrack is missing or refused it says what is lacking.
package profile
