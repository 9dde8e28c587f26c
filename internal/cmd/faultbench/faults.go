//go:build linux

package main

import (
	"net"
	"time"
)

// answer is what every request gets that no fault is made of.
const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"

// fault is one way to serve a request wrongly, or in a manner that only looks
// wrong to wrk.
type fault struct {
	name  string
	every int // it befalls every so many-th request of the server
	// serve answers the request, and says whether the connection goes on.
	serve func(*net.TCPConn) bool
	// manner: the server behaves as HTTP allows, and nothing is to be counted.
	manner bool
}

const (
	often  = 10
	seldom = 100 // where a fault ends what its connection does in the window
)

// faults are all kinds, in the order of the table.
var faults = []fault{
	{name: "none", every: often, serve: say(answer, true), manner: true},
	{name: "announced close", every: often, manner: true,
		serve: say("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", false)},
	{name: "ends with the connection", every: 1, manner: true,
		serve: say("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nok", false)},

	{name: "reset", every: often, serve: reset},
	{name: "close", every: often, serve: say("", false)},
	{name: "half", every: often, serve: say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it", false)},
	{name: "half a header", every: often, serve: say("HTTP/1.1 200 OK\r\nContent-Le", false)},
	{name: "chunk cut", every: often, serve: say(chunked+"5\r\nok", false)},
	{name: "chunk broken", every: often, serve: say(chunked+"zz\r\no\r\n0\r\n\r\n", true)},
	{name: "garbage", every: often, serve: say("\x16\x03\x01 this is no HTTP\x00", true)},
	{name: "length too small", every: often, serve: say(answer+" and more than that", true)},
	{name: "length no number", every: often, serve: say("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok", true)},
	{name: "length too large", every: seldom, serve: say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok", true)},
	{name: "hang", every: seldom, serve: say("", true)},
	{name: "slow", every: seldom, serve: slow},
	{name: "late", every: seldom, serve: late},
	{name: "status", every: often, serve: say("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops", true)},
	{name: "interim 100", every: often, serve: say("HTTP/1.1 100 Continue\r\n\r\n"+answer, true)},
	{name: "interim 103", every: often, serve: say("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"+answer, true)},
	{name: "second answer", every: often, serve: say(answer+answer, true)},
}

const chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"

// say writes a text at once, and goes on or not.
func say(text string, goOn bool) func(*net.TCPConn) bool {
	return func(c *net.TCPConn) bool {
		_, err := c.Write([]byte(text))
		return err == nil && goOn
	}
}

// reset ends the connection so that the client gets an error, not an end.
func reset(c *net.TCPConn) bool {
	_ = c.SetLinger(0)
	return false
}

// slow answers byte by byte, for longer than any run lasts.
func slow(c *net.TCPConn) bool {
	for i := range len(answer) {
		if _, err := c.Write([]byte{answer[i]}); err != nil {
			return false
		}
		time.Sleep(300 * time.Millisecond)
	}
	return true
}

// late answers rightly, when the timeout is over.
func late(c *net.TCPConn) bool {
	time.Sleep(timeout + 100*time.Millisecond)
	return say(answer, true)(c)
}
