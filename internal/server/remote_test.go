package server

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestIsNear(t *testing.T) {
	t.Parallel()
	own := []netip.Addr{netip.MustParseAddr("203.0.113.7")}
	cases := map[string]bool{
		"127.0.0.1": true, "127.8.9.10": true, "::1": true, "0.0.0.0": true, "::": true,
		"10.0.0.1": true, "172.16.0.1": true, "172.31.255.255": true, "192.168.1.1": true, "fd00::1": true,
		"169.254.1.1": false, "169.254.169.254": false, "169.254.170.2": false, "::ffff:169.254.169.254": false, "fd00:ec2::254": false, "fd00:ec2:8000::1": false, "fd00:ec3::1": true, "fe80::1": true, "fe80::1%eth0": true, "::ffff:10.0.0.1": true,
		"203.0.113.7": true, // this machine's own
		"203.0.113.8": false, "8.8.8.8": false, "172.32.0.1": false, "172.15.0.1": false, "11.0.0.1": false, "192.169.0.1": false, "128.0.0.1": false,
		"2001:db8::1": false, "::ffff:8.8.8.8": false, "100.64.0.1": false, "64:ff9b::808:808": false, "224.0.0.1": false, "255.255.255.255": false,
	}
	for text, want := range cases {
		if got := isNear(netip.MustParseAddr(text), own); got != want {
			t.Errorf("%s: near is %v, want %v", text, got, want)
		}
	}
}

// Open refuses before anything is sent or started: the command would leave a file.
func TestRemoteIsRefusedUnlessMeant(t *testing.T) {
	t.Parallel()
	spec := Spec{Name: "far", URL: "http://203.0.113.8:81", Start: "touch started", Dir: t.TempDir()}
	address, err := url.Parse(spec.URL)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), spec); err == nil || !strings.Contains(err.Error(), "203.0.113.8 is neither this machine nor in a private network") {
		t.Errorf("opened, or refused for another reason: %v", err)
	}
	spec.Remote = true
	if err := near(context.Background(), spec, address); err != nil {
		t.Errorf("refused though it is meant: %v", err)
	}
}
