package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/hosts"
)

// Hosts are read from a flag and from a file in their own ways, to one list.
func TestHosts(t *testing.T) {
	t.Parallel()
	two := []hosts.Host{{Name: "local 1"}, {Name: "local 2"}}
	for _, c := range []struct {
		flag, file string
		want       []hosts.Host
		alone      bool
	}{
		{"none", "results: x", nil, true},
		{"local", "hosts: {local: 1}", []hosts.Host{{Name: "local 1"}}, true},
		{"local:2", "hosts: {local: 2}", two, false},
		{"local,local", "hosts: [{}, {}]", two, false},
		{"bench@a", "hosts: [bench@a]", []hosts.Host{{Name: "bench@a", SSH: "bench@a"}}, false},
		{"bench@a, b,local", "hosts: [{ssh: bench@a}, b, {}]", []hosts.Host{{Name: "bench@a", SSH: "bench@a"}, {Name: "b", SSH: "b"}, {Name: "local 1"}}, false},
		{"a,a", "hosts: [a, a]", []hosts.Host{{Name: "a", SSH: "a"}, {Name: "a 2", SSH: "a"}}, false},
	} {
		got, err := ParseHosts(c.flag)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", c.flag, err, diff)
		}
		file, err := Parse(FileName, []byte(c.file))
		if diff := cmp.Diff(c.want, file.Hosts); err != nil || diff != "" || file.Alone() != c.alone {
			t.Errorf("%s: alone %v, %v\n%s", c.file, file.Alone(), err, diff)
		}
	}
	for text, want := range map[string]string{
		"local:0": "not local:N", "local:x": "not local:N", "local:65": "from 1 to 64", "local:40,local:40": "80 hosts, and 64",
		"-oX": "no host", "a,,b": "no host", "a b": "no host", "none,a": "no host",
	} {
		if _, err := ParseHosts(text); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A word that --hosts takes, written into the file, is answered with what the file takes.
func TestHostsOfFlagInFile(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"hosts: local:2": "write hosts: {local: 2}", "hosts: 3": "write hosts: {local: 3}", "hosts: none": "leave the key out", "hosts: bench@a": "write hosts: [bench@a]",
		"hosts: a,local": "write hosts: [a, {}]", "hosts: -oX": "hosts: [bench@a, bench@b]", "hosts: [local:2]": `"local:2" is no host`, "hosts: [a, {ssh: local}]": "write hosts: {local: 2}",
		"hosts: [none]": "leave the key hosts out", "hosts: [a, {local: 2}]": "write hosts: {local: 2}, or {} in a list",
	} {
		_, err := Parse(FileName, []byte(file))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}
