package hosts

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"

	"taskbench/internal/shell"
	"taskbench/internal/source"
	"taskbench/wrk"
)

// open connects to a host and looks at it. Of this machine nothing stays open.
func (m *member) open(ctx context.Context) error {
	if err := m.connect(ctx); err != nil {
		return err
	}
	if err := m.survey(ctx); err != nil {
		return err
	}
	if m.SSH == "" {
		m.line.close()
		m.line = nil
		return nil
	}
	var err error
	m.facts.Clock, err = m.readClock(ctx)
	return err
}

// connect starts a shell on a host.
func (m *member) connect(ctx context.Context) error {
	m.connected++
	l, err := connect(ctx, m.Host, socketAt(fmt.Sprintf("%s-%d", m.socket, m.connected)))
	if err == nil {
		m.line = l
	}
	return err
}

// mostSocket is how long the path of a socket may be for all systems, with what
// ssh puts behind it for a moment.
const mostSocket = 104 - 1 - 17

// socketAt is what ssh is told of a socket: where its path would be too long, there
// is none, and each file is copied over a connection of its own.
func socketAt(path string) string {
	if len(path) > mostSocket {
		return "none"
	}
	return path
}

// survey asks for what a host says about itself.
func (m *member) survey(ctx context.Context) error {
	name := m.Wrk
	if name == "" {
		name = "wrk"
	}
	said := map[string][]string{}
	a, err := m.line.ask(ctx, "facts "+shell.Quote(name))
	for ; err == nil && a.words != "facts"; a, err = m.line.next(ctx) {
		key, value, _ := strings.Cut(strings.TrimPrefix(a.words, "fact "), " ")
		said[key] = append(said[key], value)
	}
	if err != nil {
		return err
	}
	get := func(key string) string { return strings.TrimSpace(strings.Join(said[key], "\n")) }
	m.facts = Facts{
		Host: m.Host, System: get("system"), Kernel: get("kernel"), Arch: get("arch"), Boot: get("boot"), Model: get("model"),
		Temp: path.Dir(m.line.folder), Free: number(get("free"), -1), Files: number(get("files"), -1), Cores: int(number(get("cores"), 0)),
	}
	if m.facts.Free >= 0 {
		m.facts.Free *= 1 << 10
	}
	m.facts.Load, _ = strconv.ParseFloat(get("load"), 64) // 0 where the system does not tell
	return m.usable(get("wrk"), get("version"), get("taskset"), name)
}

func number(text string, otherwise int64) int64 {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n
	}
	return otherwise
}

// usable demands a wrk, and what pins it where it is to be pinned.
func (m *member) usable(path, version, taskset, name string) (err error) {
	if path == "" {
		hint := "install it there: sudo apt-get install wrk (Debian, Ubuntu), brew install wrk (macOS)"
		if m.Wrk != "" {
			hint = "give the path of wrk itself on that host, or leave it out to take the one on its PATH"
		}
		return source.Errorf(source.Position{}, hint, "there is no program %s", name)
	}
	if m.facts.Wrk, err = wrk.FindIn(path, version); err != nil {
		return err
	}
	if m.facts.Wrk.Wrk2 {
		return source.Errorf(source.Position{}, "install wrk itself there, or name it: wrk: PATH of the host", "%s is wrk2, which sends at a fixed rate only", path)
	}
	if len(m.CPUs) > 0 && m.SSH != "" && taskset == "" {
		return source.Errorf(source.Position{}, "install util-linux there, or leave cpus: out", "wrk cannot be kept on CPUs %v: there is no taskset", m.CPUs)
	}
	for _, cpu := range m.CPUs {
		if m.facts.Cores > 0 && cpu >= m.facts.Cores {
			return source.Errorf(source.Position{}, fmt.Sprintf("name CPUs from 0 to %d", m.facts.Cores-1), "there is no CPU %d", cpu)
		}
	}
	return nil
}
