package hosts

import (
	"strings"

	"taskbench/internal/source"
)

// reason is something that ssh, or what a host starts, says on its end, and what helps.
type reason struct{ says, what, hint string }

// reasons are tried in this order.
var reasons = []reason{
	{"HOST IDENTIFICATION HAS CHANGED", "its key is another one than ssh knows", "find out why; when that is right, remove the old key (ssh-keygen -R HOST) and log in once by hand: ssh HOST"},
	{"Host key verification failed", "ssh does not know its key", "log in once by hand and compare the fingerprint: ssh HOST"},
	{"Permission denied", "it lets nobody in with the keys that ssh has", "taskbench answers no question of ssh: install a key there (ssh-copy-id HOST), or add it to the agent (ssh-add)"},
	{"Could not resolve hostname", "nobody knows that name", "is it spelt as in ~/.ssh/config, or in DNS?"},
	{"Connection refused", "no ssh server listens there", "start sshd there, or name its port in ~/.ssh/config"},
	{"No route to host", "there is no way to it", "is it up, and in a network that this machine reaches?"},
	{"Network is unreachable", "there is no way to it", "is it up, and in a network that this machine reaches?"},
	{"timed out", "it does not answer", "is it up, or does a firewall drop the packets?"},
	{"not responding", "the connection broke", "is it up still, and the network to it?"},
	{"This account is currently not available", "that user may not run commands", "use a user with a login shell"},
}

// lost is the error of a host whose shell ended, or never came.
func (l *line) lost() error {
	text := l.noise.String()
	if l.host.SSH == "" {
		return source.Errorf(source.Position{}, "can sh be started here?", "its shell ended%s", quoted(text))
	}
	for _, r := range reasons {
		if strings.Contains(text, r.says) {
			return source.Errorf(source.Position{}, strings.ReplaceAll(r.hint, "HOST", l.host.SSH), "%s%s", r.what, quoted(text))
		}
	}
	if l.folder != "" {
		return source.Errorf(source.Position{}, "did its sshd end, or somebody end ssh here?", "the connection was lost%s", quoted(text))
	}
	return source.Errorf(source.Position{}, "this must work by hand: ssh "+l.host.SSH+" true", "ssh came to no shell there%s", quoted(text))
}

// quoted is the last that was said, on one line behind a colon; "" if nothing was.
func quoted(text string) string {
	const most = 3
	var lines []string
	for l := range strings.Lines(text) {
		l = strings.TrimSpace(l)
		if l != "" && strings.Trim(l, "@") != "" && !strings.HasPrefix(l, "Warning: Permanently added ") {
			lines = append(lines, strings.ToValidUTF8(l[:min(len(l), 200)], "?"))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return ": " + strings.Join(lines[max(0, len(lines)-most):], "; ")
}
