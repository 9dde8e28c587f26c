package check

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/scenarios"
)

// trust looks at a server's certificate as any client does, where the scenario asks
// for it: wrk looks at none. It gives a sentence on what it found; "" where nothing
// was asked.
func trust(ctx context.Context, s *scenarios.Scenario, t server.Spec) (string, error) {
	if !s.TLS.Verify {
		return "", nil
	}
	u, err := url.Parse(t.URL)
	if err != nil {
		return "", err
	}
	if u.Scheme != "https" {
		return "", source.WithHint(fmt.Errorf("%s has no certificate to verify: its URL is %s", t.Name, t.URL), "give an https URL, or leave tls out of the scenario")
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if len(s.TLS.CA) > 0 {
		roots = x509.NewCertPool()
		roots.AppendCertsFromPEM(s.TLS.CA)
	}
	d := tls.Dialer{Config: &tls.Config{RootCAs: roots, ServerName: u.Hostname()}}
	conn, err := d.DialContext(ctx, "tcp", hostOf(u))
	var wrong *tls.CertificateVerificationError
	if errors.As(err, &wrong) {
		return "", source.WithHint(fmt.Errorf("the certificate of %s (%s) is not to be trusted: %s", t.Name, t.URL, reason(wrong.Err)), trustHint(wrong.Err))
	}
	if err != nil {
		return "", server.NotAnswering(t, err)
	}
	defer conn.Close()
	leaf := conn.(*tls.Conn).ConnectionState().PeerCertificates[0]
	return fmt.Sprintf("the certificate of %s was verified before the load, in which wrk looks at none: %s, until %s", t.Name, names(leaf), leaf.NotAfter.UTC().Format("2006-01-02")), nil
}

// names are whom a certificate is for.
func names(c *x509.Certificate) string {
	list := c.DNSNames
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	if len(list) == 0 {
		return c.Subject.CommonName
	}
	return strings.Join(list, ", ")
}

func reason(err error) string { return strings.TrimPrefix(err.Error(), "x509: ") }

// trustHint is what to do about a certificate that cannot be trusted.
func trustHint(err error) string {
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &host):
		return "name the server in the target's URL as its certificate does: " + names(host.Certificate)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "renew it, or look at the machine's clock"
	}
	return "name the certificate of who signed it: tls: {verify: true, ca: ca.pem}"
}
