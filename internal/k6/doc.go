// Package k6 sends the load of a scenario with k6 instead of wrk: processes on this
// machine that share the virtual users, or a cluster whose logs are brought home. Each
// virtual user tells in one line of its process's log what it counted; what all of
// them told together is the result, and where one is silent there is none.
//
// k6 is run as a program. Nothing of it is linked.
package k6
