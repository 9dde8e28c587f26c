// Package pgtest starts a PostgreSQL of a test's own: a new cluster in a
// temporary folder, reached over a socket in it, so that no port is taken and no
// other database is touched. For tests only.
package pgtest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// debian is where Debian's packages put the server's programs.
const debian = "/usr/lib/postgresql/*/bin"

// Start starts a cluster and returns the URL of an empty database in it. It is
// stopped with the test. The test is skipped where PostgreSQL is not installed.
func Start(t testing.TB) string {
	t.Helper()
	bin, found := programs()
	if !found {
		t.Skip("PostgreSQL is not installed: apt-get install postgresql")
	}
	folder, err := os.MkdirTemp("", "taskbench-pg") // not t.TempDir: another user must get into it, and sockets have short names
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) }) // what is left there is the system's to clear
	c := cluster{t: t, bin: bin, folder: folder, as: unprivileged(t, folder)}
	c.run("initdb", "--pgdata", c.data(), "--username", "postgres", "--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C")
	c.serve()
	c.run("createdb", "--host", folder, "--username", "postgres", "taskflow")
	return "postgresql://postgres@/taskflow?host=" + folder
}

// programs is the folder of the newest server's programs.
func programs() (folder string, found bool) {
	folders, _ := filepath.Glob(debian) // the pattern is right
	slices.SortFunc(folders, func(a, b string) int { return version(b) - version(a) })
	for _, f := range folders {
		if _, err := os.Stat(filepath.Join(f, "initdb")); err == nil {
			return f, true
		}
	}
	path, err := exec.LookPath("initdb")
	return filepath.Dir(path), err == nil
}

func version(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin))) // 0 for what is none
	return n
}

type cluster struct {
	t           testing.TB
	bin, folder string
	as          *syscall.Credential
}

func (c cluster) data() string { return filepath.Join(c.folder, "data") }

// unprivileged is whom the server runs as: it refuses to be root.
func unprivileged(t testing.TB, folder string) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		who, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errU := strconv.Atoi(who.Uid)
		gid, errG := strconv.Atoi(who.Gid)
		if err := errors.Join(errU, errG, os.Chown(folder, uid, gid), os.Chmod(folder, 0o755)); err != nil {
			t.Fatal(err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Skip("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody")
	return nil
}

func (c cluster) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = c.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	return cmd
}

func (c cluster) run(program string, args ...string) {
	c.t.Helper()
	if out, err := c.command(program, args...).CombinedOutput(); err != nil {
		c.t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// guarded runs a server until its standard input ends, which it also does when
// the test's process is killed.
const guarded = `"$@" & server=$!; read -r _; kill -QUIT $server; wait $server; rm -rf data`

// serve starts the server and waits until it takes connections.
func (c cluster) serve() {
	c.t.Helper()
	var log bytes.Buffer
	cmd := exec.Command("sh", "-c", guarded, "sh", filepath.Join(c.bin, "postgres"),
		"-D", c.data(), "-k", c.folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=50")
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.folder, &log, &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	alive, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	stop := sync.OnceFunc(func() {
		_ = alive.Close() // which ends it
		_ = cmd.Wait()    // by a signal, as it should
	})
	c.t.Cleanup(stop)
	for range 600 {
		if c.command("pg_isready", "--host", c.folder, "--quiet").Run() == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	stop()
	c.t.Fatalf("postgres is not ready after a minute\n%s", log.String())
}
