package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"taskbench/internal/source"
)

// probeTimeout is how long a server may take to show which protocol it speaks.
const probeTimeout = time.Second

// wrongScheme is the error for a URL that says http where the server speaks TLS,
// or https where it does not; nil where that is not what is wrong. Many servers
// answer 400 to HTTP on their TLS port, others close the connection.
func wrongScheme(ctx context.Context, spec Spec, reply readyReply, err error) error {
	_, refused := errors.AsType[*url.Error](err)
	if err == nil && reply.status != http.StatusBadRequest || err != nil && (!refused || errors.Is(err, syscall.ECONNREFUSED) || isTimeout(err)) {
		return nil
	}
	address, parseErr := url.Parse(spec.URL)
	if parseErr != nil {
		return nil // it was asked, so it is a URL
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	switch {
	case address.Scheme == "http" && speaksTLS(ctx, address):
		return schemeError(spec, "speaks TLS", "https")
	case address.Scheme == "https" && err != nil && speaksHTTP(ctx, address):
		return schemeError(spec, "speaks HTTP without TLS", "http")
	}
	return nil
}

func schemeError(spec Spec, speaks, scheme string) error {
	_, rest, _ := strings.Cut(spec.URL, ":")
	return source.WithHint(fmt.Errorf("%s: the server on %s %s", spec.Name, spec.URL, speaks), "write "+scheme+":"+rest)
}

// speaksTLS tries a handshake.
func speaksTLS(ctx context.Context, address *url.URL) bool {
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, ServerName: address.Hostname()}}
	conn, err := dialer.DialContext(ctx, "tcp", hostPort(address))
	if err != nil {
		return false
	}
	_ = conn.Close() // it was only opened to see whether it can be
	return true
}

// speaksHTTP asks without TLS. A 400 is no sign: servers that speak TLS give it too.
func speaksHTTP(ctx context.Context, address *url.URL) bool {
	plain := url.URL{Scheme: "http", Host: hostPort(address), Path: "/"}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, plain.String(), nil)
	if err != nil {
		return false
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close() // its status was enough
	return response.StatusCode != http.StatusBadRequest
}
