package luavm

import (
	"net"
	"net/url"
	"strings"

	"taskbench/internal/source"
)

// target is a URL taken apart as wrk does it.
type target struct {
	scheme, host, port string // port "" when the URL names none
	path               string // with query, as it goes into the request line
}

func parseURL(raw string) (target, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme == "" || u.Hostname() == "" {
		e := source.Errorf(source.Position{}, "give it as http://HOST:PORT/PATH", "invalid URL: %s", raw)
		e.Err = err
		return target{}, e
	}
	t := target{scheme: u.Scheme, host: u.Hostname(), port: u.Port(), path: "/"}
	// wrk takes everything from the path on, unless there is no path: then
	// the query is lost with it.
	rest := raw[strings.Index(raw, "://")+3:]
	if i := strings.IndexAny(rest, "/?#"); i >= 0 && rest[i] == '/' {
		t.path = rest[i:]
	}
	return t, nil
}

// service is what wrk.resolve looks up beside the host.
func (t target) service() string {
	if t.port != "" {
		return t.port
	}
	return t.scheme
}

// lookupLiteral resolves without a network.
func lookupLiteral(host, service string) ([]string, error) {
	port := service
	switch service {
	case "http":
		port = "80"
	case "https":
		port = "443"
	}
	if net.ParseIP(host) == nil {
		host = "127.0.0.1"
	}
	return []string{net.JoinHostPort(host, port)}, nil
}
