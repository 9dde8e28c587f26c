package check

import (
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"taskbench/internal/server"
	"taskbench/scenarios"
)

// A certificate is looked at where the scenario asks for it, before anything is sent.
func TestCertificates(t *testing.T) {
	t.Parallel()
	asked := 0
	target := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer target.Close()
	own := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: target.Certificate().Raw})
	port := target.URL[strings.LastIndexByte(target.URL, ':'):]
	for _, c := range []struct{ tls, url, said, err, hint string }{
		{"{verify: true, ca: own.pem}", target.URL, "the certificate of t was verified before the load, in which wrk looks at none: example.com, *.example.com, 127.0.0.1, ::1, until 20", "", ""},
		{"{verify: true}", target.URL, "", "the certificate of t (" + target.URL + ") is not to be trusted: certificate signed by unknown authority", "ca: ca.pem"},
		{"{verify: true, ca: own.pem}", "https://localhost" + port, "", "is not to be trusted: certificate is valid for", "as its certificate does: example.com"},
		{"{verify: true}", "http://127.0.0.1" + port, "", "t has no certificate to verify: its URL is http://", "give an https URL"},
		{"{verify: false}", target.URL, "", "", ""},
	} {
		s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte("name: s\ntls: " + c.tls + "\nrequest: GET /\n")}, "own.pem": {Data: own}}, "s.yaml")
		if err != nil {
			t.Fatal(err)
		}
		asked = 0
		v := Live(context.Background(), s, server.Spec{Name: "t", URL: c.url}, 1)
		switch {
		case c.err == "" && (v.Err != nil || !strings.HasPrefix(v.Certificate, c.said) || c.said == "" && v.Certificate != "" || asked != 1):
			t.Errorf("%+v: %v, said %q, asked %d times", c, v.Err, v.Certificate, asked)
		case c.err != "" && (v.Err == nil || !strings.Contains(v.Err.Error(), c.err) || !strings.Contains(v.Err.Error(), c.hint) || asked > 0):
			t.Errorf("%+v: %v, asked %d times", c, v.Err, asked)
		}
	}
}
