package hosts

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// A host over real ssh: what it says, and that nothing stays there.
func TestReached(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	for _, c := range []struct{ name, config string }{
		{"plain", ""},
		{"noise at login", `ForceCommand echo Welcome; echo mesg: ttyname failed >&2; printf 'no end of line'; sh -c "$SSH_ORIGINAL_COMMAND"`},
		{"fish", `ForceCommand fish -c "$SSH_ORIGINAL_COMMAND"`},
		{"csh", `ForceCommand csh -c "$SSH_ORIGINAL_COMMAND"`},
		{"one session", "MaxSessions 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tmp := t.TempDir()
			f, err := Open(context.Background(), []Host{{SSH: l.host(t, 0, "SetEnv TMPDIR="+tmp, c.config), CPUs: []int{0}}})
			if err != nil {
				t.Fatal(err)
			}
			facts := f.Facts()[0]
			t.Logf("%+v %q", facts, f.Warnings())
			if facts.Wrk.Version == "" || facts.Temp != tmp || facts.Clock.By != "date" || facts.Clock.Offset.Abs() > facts.Clock.Within || facts.Clock.RoundTrip <= 0 {
				t.Errorf("%+v", facts)
			}
			f.Close()
			waitFor(t, "the folder is removed", func() bool { left, _ := os.ReadDir(tmp); return len(left) == 0 })
		})
	}
}

// Hosts that cannot be reached are named, with the reason and what helps.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	good := l.host(t, 0)
	stranger := l.host(t, 1)
	l.alias(t, "refused", "HostName "+l.net+".2", "Port 1")
	l.alias(t, "nobody", "HostName "+l.net+".50", "Port 22")
	l.alias(t, "unnamed", "HostName nobody.invalid")
	port := fmt.Sprint("Port ", 2000+number(strings.TrimPrefix(stranger, "host-"), 0))
	l.alias(t, "unknown", "HostName "+l.net+".66", port, "UserKnownHostsFile none")
	l.alias(t, "barred", "HostName "+l.net+".66", port, "StrictHostKeyChecking no", "UserKnownHostsFile /dev/null", "IdentityFile "+l.dir+"/stranger")
	for _, c := range []struct {
		host       Host
		want, hint string
	}{
		{Host{SSH: "refused"}, "host refused: no ssh server listens there", "start sshd"},
		{Host{SSH: "nobody"}, "host nobody: there is no way to it", "is it up"},
		{Host{SSH: "unnamed"}, "host unnamed: nobody knows that name", "~/.ssh/config"},
		{Host{SSH: "unknown"}, "host unknown: ssh does not know its key", "ssh unknown"},
		{Host{SSH: "barred"}, "host barred: it lets nobody in", "ssh-copy-id barred"},
		{Host{SSH: l.host(t, 0, "ForceCommand /bin/false")}, "ssh came to no shell there", "by hand: ssh host-"},
		{Host{SSH: l.host(t, 0, "ForceCommand echo 'This account is currently not available.'; exit 1")}, "that user may not run commands", "login shell"},
		{Host{SSH: l.host(t, 0, "SetEnv TMPDIR=/nowhere")}, "no temporary folder can be made there", "TMPDIR"},
		{Host{SSH: l.host(t, 0), Wrk: "no-such-wrk"}, "there is no program no-such-wrk", "path of wrk"},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			f, err := Open(context.Background(), []Host{{SSH: good, Name: "good"}, c.host})
			if err == nil {
				f.Close()
				t.Fatal("it was opened")
			}
			message, hint, _ := strings.Cut(err.Error(), "\nhint: ")
			if !strings.Contains(message, c.want) || !strings.Contains(hint, c.hint) || !strings.HasPrefix(message, "host "+c.host.SSH+": ") {
				t.Errorf("%v\nwant %q, hint %q", err, c.want, c.hint)
			}
			t.Logf("%v: %v", time.Since(began).Round(time.Millisecond), err)
		})
	}
}

// What ssh says of every new host is no reason.
func TestQuoted(t *testing.T) {
	t.Parallel()
	if said := quoted("Warning: Permanently added '10.0.0.8' (ED25519) to the list of known hosts.\r\n\n@@@@\nmktemp: Permission denied\n"); said != ": mktemp: Permission denied" {
		t.Errorf("%q", said)
	}
}

// A login that starts a program which holds its output open does not hold a run up.
func TestHeldOpen(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	tmp := t.TempDir()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	f, err := Open(ctx, []Host{{SSH: l.host(t, 0, "SetEnv TMPDIR="+tmp, `ForceCommand env TMPDIR=none sleep 600 & sh -c "$SSH_ORIGINAL_COMMAND"`)}})
	if err != nil {
		t.Fatal(err)
	}
	server := serveOn(t, l.address())
	out, err := f.Generate(ctx, order(t, flowText, server.url, 2))
	if err != nil {
		t.Fatal(err)
	}
	whole(t, out, server, 2)
	f.Close()
	nothingIn(t, tmp)
}

// What is waited for may come in any pieces, among anything else, and counts once.
func TestAwaited(t *testing.T) {
	t.Parallel()
	text := "Welcome\nnoise TOKEN 17\nmore TOKEN 18\n" + strings.Repeat("noise ", 1000)
	for piece := 1; piece <= 40; piece++ {
		w := &awaited{token: "TOKEN ", said: make(chan string, 1)}
		for at := 0; at < len(text); at += piece {
			if n, err := w.Write([]byte(text[at:min(at+piece, len(text))])); err != nil || n == 0 {
				t.Fatal(n, err)
			}
		}
		if said := <-w.said; said != "17" {
			t.Fatalf("in pieces of %d: %q", piece, said)
		}
	}
}
