package wrk

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Answer is what a listener gives to every request.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// bytes is the answer on the wire.
func (a Answer) bytes() []byte {
	var b bytes.Buffer
	r := http.Response{
		StatusCode: a.Status, ProtoMajor: 1, ProtoMinor: 1, Header: a.Header,
		Body: io.NopCloser(bytes.NewReader(a.Body)), ContentLength: int64(len(a.Body)),
	}
	_ = r.Write(&b) // into memory
	return b.Bytes()
}

// listener is a server on the loopback interface with one answer for all.
type listener struct {
	net.Listener
	answer []byte
	served atomic.Int64 // requests that were whole
	part   atomic.Bool  // bytes of another one have come, and not its end
	broken atomic.Pointer[brokenRequest]
	conns  sync.WaitGroup
	last   atomic.Int64 // when bytes came last, in Unix ns; 0: never
}

func newListener(a Answer) (*listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &listener{Listener: l, answer: a.bytes()}
	server.conns.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			server.conns.Go(func() { server.serve(c) })
		}
	})
	return server, nil
}

func (l *listener) port() int   { return l.Addr().(*net.TCPAddr).Port }
func (l *listener) url() string { return fmt.Sprintf("http://127.0.0.1:%d/", l.port()) }
func (l *listener) whole() int  { return int(l.served.Load()) }

// close ends it. With wrk gone its connections have ended: what they brought
// has been looked at when it returns.
func (l *listener) close() {
	l.Close()
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.conns.Wait()
	}()
	select {
	case <-done:
	case <-time.After(closeWait):
	}
}

// closeWait bounds that: a program that the script has started may hold a
// connection.
const closeWait = time.Second

// brokenRequest is the first that came whole enough to see that it is none.
type brokenRequest struct {
	after int // whole ones before it
	why   error
}

// quiet is how long no byte has come, since the first.
func (l *listener) quiet() time.Duration {
	last := l.last.Load()
	if last == 0 {
		return 0
	}
	return time.Since(time.Unix(0, last))
}

// watched notes when bytes come.
type watched struct {
	io.Reader
	last *atomic.Int64
	err  error // of the connection, such as its end
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	w.err = err
	if n > 0 {
		w.last.Store(time.Now().UnixNano())
	}
	return n, err
}

// serve answers one connection until it ends or brings what is no request.
func (l *listener) serve(c net.Conn) {
	defer c.Close()
	from := &watched{Reader: c, last: &l.last}
	in := bufio.NewReader(from)
	for {
		if _, err := in.Peek(1); err != nil {
			return
		}
		l.part.Store(true)
		r, err := http.ReadRequest(in)
		if err == nil {
			_, err = io.Copy(io.Discard, r.Body)
		}
		if err != nil {
			if from.err == nil {
				l.broken.CompareAndSwap(nil, &brokenRequest{l.whole(), err})
			}
			return
		}
		l.part.Store(false)
		l.served.Add(1)
		if _, err := c.Write(l.answer); err != nil {
			return
		}
	}
}
