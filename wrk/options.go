package wrk

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"taskbench/internal/source"
)

// Options is one run of wrk.
type Options struct {
	Path        string        // the executable, or a name to look up in $PATH; "" means wrk
	URL         string        // http:// or https://, with the path where there is no script
	Threads     int           // ≥ 1
	Connections int           // ≥ Threads; wrk opens the largest multiple of Threads not above it
	Duration    time.Duration // > 0; wrk knows whole seconds: rounded up
	Timeout     time.Duration // -T, rounded up to whole seconds; 0 leaves wrk's own 2 s
	Linger      time.Duration // how long beyond Duration the script may wait for open answers
	Rate        float64       // -R, requests per second, which wrk2 demands and wrk does not know; 0 leaves it out
	Latency     bool          // --latency: wrk prints its percentiles
	Headers     []string      // -H, each "Name: value"
	Script      string        // -s; "" for none
	Args        []string      // passed to the script's init(), after the URL

	// OutFile is where a script writes its result block (TASKBENCH_OUT). A file
	// that is there already is removed first. "" uses a temporary one.
	OutFile string
	// LiveFile is where a script tells each second what it has counted, for
	// parse.Live (TASKBENCH_LIVE). A file that is there already is removed
	// first. "" asks it not to.
	LiveFile string
	RunName  string            // TASKBENCH_RUN, the value of ${run}; "" leaves it to the script
	Seed     int64             // TASKBENCH_SEED; 0 leaves the script's own
	Env      map[string]string // further variables, over those of this process

	// Enough, when it is closed, ends the run as if its duration were over. It is
	// for scripts that wait for more than time. nil: never.
	Enough <-chan struct{}

	CPUs []int // logical CPUs wrk may run on, from 0; empty: all (Linux only)
}

// How Run ends a wrk that does not end by itself.
const (
	overtime      = 10 * time.Second       // allowed beyond Duration before wrk is interrupted
	grace         = 5 * time.Second        // between the interrupt and the kill
	repeatSIGINT  = 500 * time.Millisecond // wrk ignores it while it creates its threads
	maxOutput     = 16 << 20               // bytes kept of each stream
	maxBlock      = 256 << 20              // bytes read of the result block
	pipeWaitDelay = time.Second            // for a grandchild that holds a stream open
)

// Args is the command line for o, without the program itself. It is pure: the
// same options always give the same words.
func Args(o Options) []string {
	args := []string{
		"-t", strconv.Itoa(o.Threads),
		"-c", strconv.Itoa(o.Connections),
		"-d", wholeSeconds(o.Duration),
	}
	if o.Timeout > 0 {
		args = append(args, "-T", wholeSeconds(o.Timeout))
	}
	if o.Rate > 0 {
		args = append(args, "-R", strconv.FormatFloat(o.Rate, 'f', 0, 64))
	}
	if o.Latency {
		args = append(args, "--latency")
	}
	for _, h := range o.Headers {
		args = append(args, "-H", h)
	}
	if o.Script != "" {
		args = append(args, "-s", o.Script)
	}
	// getopt would take an argument of the script that begins with a dash for
	// one of wrk's own.
	args = append(args, "--", o.URL)
	return append(args, o.Args...)
}

func wholeSeconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10) + "s"
}

// validate refuses what wrk would drop, misread or answer with its usage text.
func (o Options) validate() error {
	for _, check := range []func() error{o.validateURL, o.validateLoad, o.validateHeaders} {
		if err := check(); err != nil {
			return err
		}
	}
	for _, arg := range Args(o) {
		if strings.ContainsRune(arg, 0) {
			return invalid("take the NUL byte out", "the argument %q of wrk holds a NUL byte", arg)
		}
	}
	return nil
}

func (o Options) validateURL() error {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return invalid("write it as http://host:port", "invalid URL %q", o.URL)
	}
	return nil
}

func (o Options) validateLoad() error {
	switch {
	case o.Threads < 1:
		return invalid("use at least one", "%d threads", o.Threads)
	case o.Connections < o.Threads:
		return invalid("use as many connections as threads, or more", "%d connections are too few for %d threads", o.Connections, o.Threads)
	case o.Duration <= 0:
		return invalid("use at least one second", "a duration of %s", o.Duration)
	case o.Timeout < 0:
		return invalid("leave it out, or use whole seconds", "a timeout of %s", o.Timeout)
	}
	return nil
}

// validateHeaders: wrk drops a header without a space behind the colon, and
// says nothing.
func (o Options) validateHeaders() error {
	for _, h := range o.Headers {
		name, _, found := strings.Cut(h, ": ")
		if !found || name == "" || strings.ContainsAny(name, ": \t") {
			return invalid(`write it as "Name: value", with the space`, "wrk would silently drop the header %q", h)
		}
		if strings.ContainsAny(h, "\r\n\x00") {
			return invalid("take the line break out", "the header %q would break the request", h)
		}
	}
	return nil
}

func invalid(hint, format string, args ...any) error {
	return source.Errorf(source.Position{}, hint, format, args...)
}

// warnings is what wrk will do differently from what o asks.
func (o Options) warnings() []string {
	if rest := o.Connections % o.Threads; rest != 0 {
		return []string{fmt.Sprintf("%d connections do not divide among %d threads: wrk opens %d and prints %d",
			o.Connections, o.Threads, o.Connections-rest, o.Connections)}
	}
	return nil
}

// environment is the environment of wrk: base with the variables of o over it. What a
// run by hand was told of its share of the load is not for this one.
func (o Options) environment(base []string) []string {
	env := slices.DeleteFunc(slices.Clone(base), func(v string) bool {
		return strings.HasPrefix(v, "TASKBENCH_SHARE=") || strings.HasPrefix(v, "TASKBENCH_GO=")
	})
	for _, name := range slices.Sorted(maps.Keys(o.Env)) {
		env = append(env, name+"="+o.Env[name])
	}
	if o.Script != "" {
		env = append(env, "TASKBENCH_OUT="+o.OutFile)
	}
	if o.LiveFile != "" {
		env = append(env, "TASKBENCH_LIVE="+o.LiveFile)
	}
	if o.RunName != "" {
		env = append(env, "TASKBENCH_RUN="+o.RunName)
	}
	if o.Seed != 0 {
		env = append(env, "TASKBENCH_SEED="+strconv.FormatInt(o.Seed, 10))
	}
	return env
}

// filesNeeded estimates the file descriptors of a run: one a connection, an
// event queue a thread, and what every program has open.
func (o Options) filesNeeded() int {
	const others = 16
	return o.Connections + o.Threads + others
}

// fewFiles warns where a generator may not have the descriptors that it needs;
// raise is what shows, and raises, how many it may have.
func fewFiles(name string, needed int, allowed uint64, raise string) (warning string) {
	if allowed >= uint64(needed) {
		return ""
	}
	return fmt.Sprintf("%s needs about %d open files and may have %d: connections will be missing (raise it: %s)", name, needed, allowed, raise)
}

// FewFiles warns where wrk may not have the descriptors that the run needs; "" if
// it may. It is for a wrk on another host: Run sees to its own.
func (o Options) FewFiles(allowed uint64) (warning string) {
	return fewFiles("wrk", o.filesNeeded(), allowed, "ulimit -Hn")
}
