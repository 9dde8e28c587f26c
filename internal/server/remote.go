package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"taskbench/internal/source"
)

// near refuses a target beyond this machine and private networks, unless its
// spec says that it is meant. Load is an attack on a server whose owner was not
// asked, and a slip in a URL is enough for it. Every address that the host name
// stands for must be near: the generator may take any of them.
func near(ctx context.Context, spec Spec, address *url.URL) error {
	if spec.Remote {
		return nil
	}
	host := address.Hostname()
	addresses, err := addressesOf(ctx, host)
	if err != nil {
		return NotAnswering(spec, err)
	}
	for _, a := range addresses {
		if !isNear(a, ownAddresses()) {
			return source.WithHint(fmt.Errorf("%s: %s is neither this machine nor in a private network%s: taskbench sends load there only when told to", spec.Name, host, resolved(host, a)),
				"if the server is yours to load: --allow-remote, or remote: true for the target in taskbench.yaml")
		}
	}
	return nil
}

func addressesOf(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// resolved tells the address of a name; of an address there is no more to tell.
func resolved(host string, a netip.Addr) string {
	if strings.EqualFold(host, a.String()) {
		return ""
	}
	return fmt.Sprintf(" (it is %s)", a)
}

// clouds are where providers answer every machine, with its credentials too: no
// server of anybody's to load.
var clouds = []netip.Prefix{netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("fd00:ec2::/32")}

// isNear holds for loopback, private (RFC 1918 and unique local IPv6) and
// link-local IPv6 addresses, and for what this machine itself is called; an IPv4
// address stays one when it is written as IPv6.
func isNear(a netip.Addr, own []netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if slices.ContainsFunc(clouds, func(p netip.Prefix) bool { return p.Contains(a) }) {
		return slices.Contains(own, a)
	}
	return a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsUnspecified() || slices.Contains(own, a)
}

// ownAddresses are those of this machine's interfaces; none where they cannot be
// read, which errs on the side of refusing.
func ownAddresses() []netip.Addr {
	interfaces, _ := net.InterfaceAddrs()
	var own []netip.Addr
	for _, i := range interfaces {
		if prefix, err := netip.ParsePrefix(i.String()); err == nil {
			own = append(own, prefix.Addr().Unmap())
		}
	}
	return own
}
