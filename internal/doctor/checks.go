package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"taskbench/internal/counter"
	"taskbench/internal/server"
	"taskbench/internal/source"
)

func above(folder string) string { return filepath.Dir(folder) }

// told is an error as one sentence, and what mends it.
func told(err error, usual string) (says, mend string) {
	if place, is := errors.AsType[*source.Error](err); is && place.Hint != "" {
		return place.Message, place.Hint
	}
	return err.Error(), usual
}

func (w world) generator(path string) Check {
	c := Check{Name: "wrk"}
	found, err := w.wrk(path)
	if err != nil {
		says, mend := told(err, "apt-get install wrk, or brew install wrk")
		return c.but(Missing, says, mend)
	}
	return ok("wrk", "%s, version %s", found.Path, found.Version)
}

func (w world) perf(ctx context.Context) Check {
	c := Check{Name: "perf"}
	if w.look("perf") != nil {
		return c.but(Note, "not installed: no CPU profiles, no instructions per answer", "apt-get install linux-perf (Ubuntu: linux-tools-generic)")
	}
	err := w.count(ctx)
	if errors.Is(err, counter.ErrNoCounter) {
		return c.but(Note, "instructions cannot be counted here: "+err.Error(), "nothing to mend: taskbench ledger counts them by valgrind, on any machine")
	}
	if err != nil {
		return c.but(Note, "instructions cannot be counted here: "+err.Error(), "sudo sysctl kernel.perf_event_paranoid=1")
	}
	return ok("perf", "counts instructions")
}

// optional are programs that only some commands need.
func (w world) optional() []Check {
	var checks []Check
	for _, p := range []struct{ program, without string }{
		{"heaptrack", "taskbench memory --heaptrack"},
		{"valgrind", "instructions where perf cannot count them"},
	} {
		c := ok(p.program, "installed")
		if w.look(p.program) != nil {
			c = c.but(Note, "not installed, which only matters for "+p.without, "apt-get install "+p.program)
		}
		checks = append(checks, c)
	}
	return checks
}

// database is reached with the user's own psql, where the target has a DATABASE_URL.
func (w world) database(ctx context.Context, t server.Spec) []Check {
	address := t.Env["DATABASE_URL"]
	if address == "" {
		address = w.env("DATABASE_URL")
	}
	if address == "" {
		return nil
	}
	name := "database " + t.Name
	shown := address
	if u, err := url.Parse(address); err == nil {
		shown = u.Redacted()
	}
	if w.look("psql") != nil {
		return []Check{{name, Note, "psql is not installed: not known whether " + shown + " can be reached", "apt-get install postgresql-client"}}
	}
	n, err := w.ask(ctx, address, CountTables)
	switch {
	case err != nil:
		return []Check{{name, Note, shown + ": " + err.Error(), "start PostgreSQL, or mend DATABASE_URL in env: of the target; a reset script may create the database"}}
	case n != AllTables:
		return []Check{{name, Note, fmt.Sprintf("%s has %s of TaskFlow's %s tables", shown, n, AllTables), "taskbench init --suite taskflow writes a reset script that loads them; or psql --file schema.sql"}}
	}
	return []Check{ok(name, "%s, with TaskFlow's tables", shown)}
}

func (w world) resets(ctx context.Context, command string, t server.Spec) []Check {
	if command == "" {
		return nil
	}
	name := "reset " + t.Name
	if err := w.reset(ctx, command, t); err != nil {
		return []Check{{name, Missing, strings.Join(strings.Fields(err.Error()), " "), "run it by hand: TASKBENCH_TARGET=" + t.Name + " " + command}}
	}
	return []Check{ok(name, "%s", command)}
}

// target is found where it runs, or started and stopped.
func (w world) target(ctx context.Context, t server.Spec) Check {
	c := Check{Name: "target " + t.Name}
	if err := w.open(ctx, t); err != nil {
		says, mend := told(err, "start it, or give its command with start: in taskbench.yaml")
		return c.but(Missing, says, mend)
	}
	if t.Start != "" {
		return ok(c.Name, "starts, and answers on %s", t.URL)
	}
	return ok(c.Name, "answers on %s", t.URL)
}

// spareFiles are what a generator or a server opens besides its connections, about.
const spareFiles = 64

func (w world) openFiles(users int) Check {
	c := Check{Name: "open files"}
	limit, known := w.files()
	switch needed := uint64(users + spareFiles); {
	case !known:
		return c.but(OK, "not known here", "")
	case limit < needed:
		return c.but(Missing, fmt.Sprintf("%d at most, and %d connections need about %d", limit, users, needed), fmt.Sprintf("ulimit -Hn %d, as root; or fewer connections: --connections", needed))
	}
	return ok(c.Name, "%d at most, enough for %d connections", limit, users)
}

func (w world) store(folder string) Check {
	c := Check{Name: "results"}
	if err := w.writes(folder); err != nil {
		return c.but(Missing, "no files can be made in "+folder+": "+err.Error(), "--results FOLDER, or results: in taskbench.yaml")
	}
	return ok(c.Name, "%s can be written", folder)
}

func (w world) governor() Check {
	c := Check{Name: "CPU governor"}
	switch g := w.machine().Governor; g {
	case "":
		return c.but(OK, "none to be seen here", "")
	case "performance":
		return ok(c.Name, "%s", g)
	default:
		return c.but(Note, g+": the clock follows the load, and figures with it", "sudo cpupower frequency-set --governor performance")
	}
}

const (
	lookAt    = time.Second // how long the machine is watched
	busyShare = 0.1         // of all cores: more than this disturbs
	leastFree = 1 << 30     // bytes
)

// load is what others do, of all cores, while nothing is measured.
func (w world) load() Check {
	c := Check{Name: "other load"}
	before, known := w.times()
	if !known {
		return c.but(OK, "not known here", "")
	}
	w.wait(lookAt)
	after, _ := w.times()
	total := after.Total - before.Total
	if total <= 0 {
		return c.but(OK, "not known here", "")
	}
	busy, steal := (after.Busy-before.Busy)/total, (after.Steal-before.Steal)/total
	says := fmt.Sprintf("%.0f %% of %d cores at work, %.0f %% stolen by a hypervisor", 100*busy, w.cores, 100*steal)
	if busy > busyShare || steal > busyShare {
		return c.but(Note, says+": figures will scatter", "stop what else runs (top shows it), or measure at another time")
	}
	return ok(c.Name, "%s", says)
}

func (w world) memory() Check {
	c := Check{Name: "free memory"}
	bytes, known := w.free()
	switch says := fmt.Sprintf("%.1f GB", float64(bytes)/1e9); {
	case !known:
		return c.but(OK, "not known here", "")
	case bytes < leastFree:
		return c.but(Note, says+": what is swapped out is slow", "stop what needs it")
	default:
		return ok(c.Name, "%s", says)
	}
}
