package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"taskbench/internal/hosts"
	"taskbench/internal/machine"
	"taskbench/internal/yamlfile"
	"taskbench/results"
)

// MaxHosts is how many hosts may send one load, so that a slip of the pen is seen at once.
const MaxHosts = 64

// NoHosts is the word for this machine alone, whatever a file says.
const NoHosts = "none"

// local begins the word for processes on this machine.
const local = "local"

// sshPattern is a host as ssh takes it, and no option of ssh.
var sshPattern = regexp.MustCompile(`^[^-\x00-\x20,\x7f][^\x00-\x20,\x7f]*$`)

const sshHint = "write it as ssh takes it: host, user@host, or a name from ~/.ssh/config"

// Alone reports whether a single process on this machine sends, as without any hosts.
func (c Config) Alone() bool {
	return len(c.Hosts) == 0 || len(c.Hosts) == 1 && c.Hosts[0].SSH == ""
}

// ParseHosts reads hosts as a flag has them: "bench@a,bench@b", "local:2", both, or
// NoHosts, which is none.
func ParseHosts(text string) ([]hosts.Host, error) {
	if text == NoHosts {
		return nil, nil
	}
	var list []hosts.Host
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		kind, number, numbered := strings.Cut(word, ":")
		switch {
		case kind == local:
			n, err := strconv.Atoi(number)
			if !numbered {
				n, err = 1, nil
			}
			if err != nil || n < 1 || n > MaxHosts {
				return nil, fmt.Errorf("%q is not local:N, with N from 1 to %d", word, MaxHosts)
			}
			list = append(list, make([]hosts.Host, n)...)
		case word == NoHosts || !sshPattern.MatchString(word):
			return nil, fmt.Errorf("%q is no host that ssh can reach", word)
		default:
			list = append(list, hosts.Host{SSH: word})
		}
	}
	if len(list) > MaxHosts {
		return nil, fmt.Errorf("%d hosts, and %d are the most", len(list), MaxHosts)
	}
	return named(list), nil
}

// named gives each host a name of its own: messages and results call it by that.
func named(list []hosts.Host) []hosts.Host {
	times := map[string]int{}
	for i, h := range list {
		times[h.SSH]++
		switch {
		case h.SSH == "":
			list[i].Name = results.LocalHost(times[h.SSH])
		case times[h.SSH] > 1:
			list[i].Name = fmt.Sprintf("%s %d", h.SSH, times[h.SSH])
		default:
			list[i].Name = h.SSH
		}
	}
	return list
}

// readHosts reads a list of hosts, or how many processes on this machine.
func readHosts(r *yamlfile.Reader, n *yamlfile.Node) []hosts.Host {
	var list []hosts.Host
	switch {
	case n.Kind == yamlfile.Mapping && (n.Get("ssh") != nil || n.Get("cpus") != nil):
		r.Fail(n.Pos, "write a list, even of one: hosts: [{ssh: bench@a}]", "hosts must be a list of hosts, or local: N")
	case n.Kind == yamlfile.Mapping:
		r.Keys(n, "hosts", hereKeys(r, &list))
		if n.Get(local) == nil {
			r.Fail(n.Pos, "write hosts: {local: 2}, or a list of hosts", "hosts does not say how many processes there are")
		}
	case n.Kind == yamlfile.Scalar && !n.IsNull():
		r.Fail(n.Pos, asWritten(n.Text), "hosts must be a list of hosts, or {local: N}, not %s", n.Describe())
	case !r.Want(n, yamlfile.Sequence, "hosts"):
	case len(n.Items) == 0:
		r.Fail(n.Pos, "name them: hosts: [bench@a, bench@b]; leave the key out for this machine alone", "hosts names no host")
	case len(n.Items) > MaxHosts:
		r.Fail(n.Pos, "", "hosts are %d at most, not %d", MaxHosts, len(n.Items))
	default:
		for _, item := range n.Items {
			list = append(list, readHost(r, item))
		}
	}
	return named(list)
}

// asWritten is how the file has what --hosts has in a word.
func asWritten(word string) string {
	list, err := ParseHosts(word)
	count, numeric := strconv.Atoi(word)
	switch {
	case numeric == nil:
		return fmt.Sprintf("write hosts: {local: %d} for processes on this machine", count)
	case err != nil:
		return "write hosts: [bench@a, bench@b], or hosts: {local: 2}"
	case len(list) == 0:
		return "leave the key out for this machine alone"
	case !slices.ContainsFunc(list, func(h hosts.Host) bool { return h.SSH != "" }):
		return fmt.Sprintf("write hosts: {local: %d}", len(list))
	}
	var words []string
	for _, h := range list {
		words = append(words, cmp.Or(h.SSH, "{}"))
	}
	return "write hosts: [" + strings.Join(words, ", ") + "]"
}

// readHost is a host as ssh takes it, or one with what else is to be known of it.
func readHost(r *yamlfile.Reader, n *yamlfile.Node) (h hosts.Host) {
	if n.Kind == yamlfile.Scalar && !n.IsNull() {
		h.SSH = readSSH(r, n)
		return h
	}
	if n.Kind == yamlfile.Mapping && n.Get(local) != nil {
		r.Fail(n.Pos, "write hosts: {local: 2}, or {} in a list for each process on this machine", "a host of a list is one process, or one machine")
		return h
	}
	r.Keys(n, "a host", hostKeys(r, &h))
	return h
}

func readSSH(r *yamlfile.Reader, n *yamlfile.Node) string {
	text, is := n.Value.(string)
	if n.Kind != yamlfile.Scalar || !is {
		r.Fail(n.Pos, sshHint, "ssh must be a host, not %s", n.Describe())
		return ""
	}
	switch kind, _, _ := strings.Cut(text, ":"); {
	case kind == local:
		r.Fail(n.Pos, "write hosts: {local: 2}, or {} in a list for each process on this machine", "ssh: %q is no host", text)
	case text == NoHosts:
		r.Fail(n.Pos, "leave the key hosts out for this machine alone", "ssh: %q is no host", text)
	case !sshPattern.MatchString(text):
		r.Fail(n.Pos, sshHint, "ssh: %q is no host", text)
	}
	return text
}

func readCPUs(r *yamlfile.Reader, n *yamlfile.Node) []int {
	if n.Kind != yamlfile.Scalar {
		r.Fail(n.Pos, "write it as cpus: 0-3,8", "cpus must be a list of CPUs such as 0-3,8, not %s", n.Describe())
		return nil
	}
	cpus, err := machine.ParseCPUs(n.Text)
	if err != nil {
		r.Fail(n.Pos, "write it as cpus: 0-3,8", "cpus: %v", err)
	}
	return cpus
}

func hereKeys(r *yamlfile.Reader, list *[]hosts.Host) []yamlfile.Key {
	return []yamlfile.Key{
		{Name: local, About: "How many processes on this machine send together.", Form: yamlfile.Whole(1, MaxHosts), Needed: true,
			Read: func(n *yamlfile.Node) { *list = make([]hosts.Host, r.Integer(n, local, 1, MaxHosts)) }},
	}
}

func hostKeys(r *yamlfile.Reader, h *hosts.Host) []yamlfile.Key {
	return []yamlfile.Key{
		{Name: "ssh", About: "Where it is, as ssh takes it: host, user@host, a name from ~/.ssh/config. Left out: a process on this machine.", Form: yamlfile.Like(sshPattern.String()), Read: func(n *yamlfile.Node) { h.SSH = readSSH(r, n) }},
		{Name: "cpus", About: "The CPUs that wrk is kept to there: 0-3,8. All of them when left out.", Form: yamlfile.Either(yamlfile.Whole(0, machine.MaxCPU), yamlfile.Like(`^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$`)),
			Read: func(n *yamlfile.Node) { h.CPUs = readCPUs(r, n) }},
		{Name: "wrk", About: "The path of wrk there; the one on PATH when left out.", Form: words, Read: func(n *yamlfile.Node) { h.Wrk = r.Str(n, "wrk") }},
	}
}

// hostsForm is a list of hosts, or processes on this machine.
var hostsForm = yamlfile.Either(
	yamlfile.ListOf(yamlfile.Either(yamlfile.Like(sshPattern.String()), yamlfile.Defined("host")), 1),
	yamlfile.MappingOf(hereKeys(nil, nil)),
)

// hostsFields is what a file would have of hosts.
func hostsFields(list []hosts.Host) any {
	plain := func(h hosts.Host) bool { return h.SSH == "" && len(h.CPUs) == 0 && h.Wrk == "" }
	if !slices.ContainsFunc(list, func(h hosts.Host) bool { return !plain(h) }) {
		return yaml.MapSlice{{Key: local, Value: len(list)}}
	}
	var out []yaml.MapSlice
	for _, h := range list {
		fields := yaml.MapSlice{}
		if h.SSH != "" {
			fields = append(fields, yaml.MapItem{Key: "ssh", Value: text(h.SSH)})
		}
		if len(h.CPUs) > 0 {
			fields = append(fields, yaml.MapItem{Key: "cpus", Value: machine.CPUList(h.CPUs)})
		}
		if h.Wrk != "" {
			fields = append(fields, yaml.MapItem{Key: "wrk", Value: text(h.Wrk)})
		}
		out = append(out, fields)
	}
	return out
}
