package server

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// FreePort is a port of 127.0.0.1 that nobody listens on. It lies below those
// that the kernel draws for clients (32768 and above on Linux, 49152 on macOS):
// one of these could be taken again before the server begins to listen.
func FreePort() (int, error) {
	for range 100 {
		port := 20000 + rand.IntN(12000)
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			return port, l.Close()
		}
	}
	return 0, errors.New("no port of 127.0.0.1 between 20000 and 32000 is free")
}
