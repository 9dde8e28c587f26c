// Package ledger counts what answers cost: it runs a server under valgrind's
// callgrind, has virtual users go through a scenario step by step, one request at
// a time, and takes the counts apart by step and function. What two numbers of
// users differ by is the cost of answers; what both have is not theirs.
//
// It judges nothing: that is for package compare.
package ledger
