//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// answers of the benchmark's server, by the first letters of the request.
var answers = []struct {
	prefix string
	answer []byte
}{
	{"GET /pro", answer("200 OK", `[{"id":4711,"owner_id":7,"name":"bench 1-1","description":"from taskbench"}]`)},
	{"POST /re", answer("201 Created", `{"user":{"id":7,"username":"bench"},"token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjd9.c2lnbmF0dXJl"}`)},
	{"POST /pr", answer("201 Created", `{"id":4711,"owner_id":7,"name":"bench 1-1","description":"from taskbench"}`)},
	{"DELETE /", answer("204 No Content", "")},
}

func answer(status, body string) []byte {
	return fmt.Appendf(nil, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
}

// serve answers fixed texts from one thread around epoll, with as little work
// as possible: whatever is measured must be limited by wrk, not by it.
func serve(port int) error {
	listener, err := listen(port)
	if err != nil {
		return err
	}
	poll, err := syscall.EpollCreate1(0)
	if err != nil {
		return err
	}
	if err := watch(poll, listener); err != nil {
		return err
	}
	events := make([]syscall.EpollEvent, 1024)
	buffer := make([]byte, 1<<16)
	for {
		n, err := syscall.EpollWait(poll, events, -1)
		if err != nil && err != syscall.EINTR {
			return err
		}
		for i := range max(n, 0) {
			fd := int(events[i].Fd)
			if fd != listener {
				reply(fd, buffer)
			} else if conn, _, err := syscall.Accept(listener); err == nil {
				_ = syscall.SetsockoptInt(conn, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1)
				if err := watch(poll, conn); err != nil {
					return err
				}
			}
		}
	}
}

func listen(port int) (int, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return 0, err
	}
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return 0, err
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return 0, err
	}
	return fd, syscall.Listen(fd, 1024)
}

func watch(poll, fd int) error {
	return syscall.EpollCtl(poll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)})
}

// reply answers what one read brings: wrk sends a request at a time, whole.
func reply(fd int, buffer []byte) {
	n, err := syscall.Read(fd, buffer)
	if n <= 0 || err != nil {
		_ = syscall.Close(fd)
		return
	}
	for _, a := range answers {
		if bytes.HasPrefix(buffer[:n], []byte(a.prefix)) {
			_, _ = syscall.Write(fd, a.answer)
			return
		}
	}
	_ = syscall.Close(fd)
}

// freePort asks the kernel for a port nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(port)
}
