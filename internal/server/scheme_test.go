package server

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestWrongScheme: who writes http:// to a port that speaks TLS, or the other way
// round, is told what to write, whether the server answers 400 or hangs up.
func TestWrongScheme(t *testing.T) {
	t.Parallel()
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") })
	plain, secure := httptest.NewServer(ok), httptest.NewUnstartedServer(ok)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // of failed handshakes, which are the point
	secure.StartTLS()
	silent := closingTLS(t, secure.TLS)
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) }))
	for _, s := range []*httptest.Server{plain, secure, bad} {
		t.Cleanup(s.Close)
	}
	_, plainPort, _ := strings.Cut(plain.URL, "//")
	_, securePort, _ := strings.Cut(secure.URL, "//")
	for address, want := range map[string]string{
		"http://" + securePort: "a: the server on http://" + securePort + " speaks TLS\nhint: write https://" + securePort,
		"http://" + silent:     "a: the server on http://" + silent + " speaks TLS\nhint: write https://" + silent,
		"https://" + plainPort: "a: the server on https://" + plainPort + " speaks HTTP without TLS\nhint: write http://" + plainPort,
		plain.URL:              "", secure.URL: "", bad.URL: "",
	} {
		_, err := Open(t.Context(), Spec{Name: "a", URL: address, ReadyTimeout: time.Minute})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

// closingTLS is a server that hangs up where others would answer 400.
func closingTLS(t *testing.T, config *tls.Config) (address string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if first := make([]byte, 1); readFirst(conn, first) && first[0] == 22 { // a handshake record
					_ = tls.Server(&given{conn, first}, config).Handshake()
				}
			}()
		}
	}()
	return l.Addr().String()
}

func readFirst(c net.Conn, into []byte) bool {
	_, err := io.ReadFull(c, into)
	return err == nil
}

// given is a connection of which something was read.
type given struct {
	net.Conn
	first []byte
}

func (g *given) Read(into []byte) (int, error) {
	if len(g.first) > 0 {
		n := copy(into, g.first)
		g.first = g.first[n:]
		return n, nil
	}
	return g.Conn.Read(into)
}
