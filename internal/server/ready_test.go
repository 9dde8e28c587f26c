package server

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"taskbench/internal/taskflow"
)

// TestAskAcceptsAnyCertificate because wrk, which measures the server
// afterwards, does.
func TestAskAcceptsAnyCertificate(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	defer server.Close()
	reply, err := ask(t.Context(), Spec{Name: "rust", URL: server.URL})
	if err != nil || reply.status != http.StatusTeapot {
		t.Errorf("status %d, %v", reply.status, err)
	}
}

// The reference server is known for what it is wherever it is waited for: it
// says so on one page only.
func TestReferenceOnAnotherPage(t *testing.T) {
	reference := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == usualReady {
			_, _ = w.Write([]byte(`{"server": "` + taskflow.Name + `", "dialect": "rust", "storage": "PostgreSQL"}`)) // a client that is gone is no matter
		}
	}))
	defer reference.Close()
	id := open(t, Spec{Name: "a", URL: reference.URL, Ready: "/elsewhere"}).Identity(t.Context())
	if id.Reference != "reference server with PostgreSQL, rust dialect" {
		t.Errorf("it is %q", id.Reference)
	}
}
