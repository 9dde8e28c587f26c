package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
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
