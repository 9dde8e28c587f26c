package scenarios

import (
	"crypto/x509"

	"taskbench/internal/yamlfile"
)

// maxCA bounds a file of certificates.
const maxCA = 1 << 20

// TLS is what is asked of servers with https URLs. wrk takes any certificate: it is
// looked at before the load.
type TLS struct {
	Verify bool
	CA     []byte // certificates in PEM of who signs servers' ones; empty: those that the system trusts
}

func (r *reader) tlsFields(t *TLS, open opener) []field {
	return []field{
		{"verify", "Whether the server's certificate is verified, before the load.", scalar("boolean"), false, func(v *yamlfile.Node) { t.Verify = r.Bool(v, "verify") }},
		{"ca", "File of the certificates that sign it, in PEM; those that the system trusts when left out.", text, false, func(v *yamlfile.Node) { t.CA = r.authorities(v, open) }},
		refused("cert", r.noClientCert), refused("key", r.noClientCert),
	}
}

// noClientCert says what wrk cannot do, and what does.
func (r *reader) noClientCert(n *yamlfile.Node) {
	r.Fail(n.Pos, "measure through a proxy that has it, the same for all targets: stunnel, or nginx with proxy_ssl_certificate", "wrk has no certificates of clients to show")
}

func (r *reader) authorities(n *yamlfile.Node, open opener) []byte {
	name := r.Str(n, "ca")
	if name == "" || open == nil {
		return nil
	}
	pem, err := open(name, maxCA)
	switch {
	case err != nil:
		r.Fail(n.Pos, openHint(err), "cannot read ca %q: %w", name, cause(err))
	case !x509.NewCertPool().AppendCertsFromPEM(pem):
		r.Fail(n.Pos, "it begins with -----BEGIN CERTIFICATE-----", "%q holds no certificate in PEM", name)
	}
	return pem
}

// tls reads what is asked of certificates.
func (r *reader) tls(n *yamlfile.Node, open opener) TLS {
	var t TLS
	before := len(r.Errs)
	r.fields(n, "tls", r.tlsFields(&t, open))
	if len(t.CA) > 0 && !t.Verify && len(r.Errs) == before {
		r.Fail(n.Pos, "write tls: {verify: true, ca: …}", "ca says how to verify, and nothing is verified")
	}
	return t
}
