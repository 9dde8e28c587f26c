// Package config reads taskbench.yaml: which servers are compared, and how.
//
// It knows the file and the defaults. Flags and the environment are laid over
// them by the command line, which alone sees those.
package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"taskbench/internal/arrivals"
	"taskbench/internal/hosts"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/scenarios"
)

// FileName is what Find looks for in the current folder.
const FileName = "taskbench.yaml"

// Suites are the sets of built-in scenarios.
var Suites = []string{"taskflow"}

// AutoPairs stands for as many pairs as verdicts need.
const AutoPairs = 0

// HalfPin pins servers to one half of the cores and the generator to the other.
const HalfPin = "halves"

// FloorName is what a floor is called among results: no target can be.
const FloorName = "floor"

// Config is the configuration of a run. The load's zero values leave what
// every scenario says itself.
type Config struct {
	Targets    []server.Spec     // in the order of the file
	Baseline   string            // "" until settled: the first target
	Floor      *server.Spec      // answers the same with nothing behind it, for ledgers; nil: none
	Scenarios  []Source          // what is measured where nothing is named; none: what lies in the folder
	Suite      string            // of built-in scenarios instead; "" is none
	Indicators []scenarios.Bound // of good servers, over all scenarios; nil: the suite's
	Reset      string            // shell command before every trial
	Results    string            // folder of the store
	Wrk        string            // path of wrk; "" looks it up
	Hosts      []hosts.Host      // that send the load together; none: this machine alone

	Pairs       int           // of trials in every cell; AutoPairs: by the stopping rule
	MaxTime     time.Duration // of the whole run; 0: no limit
	Pin         string        // "", HalfPin or SERVER:GENERATOR, two lists of CPUs
	Duration    time.Duration
	Warmup      *time.Duration
	Connections []int
	Rate        *float64         // iterations begun per second; 0: in closed loops, whatever scenarios say
	Arrival     arrivals.Arrival // how they follow each other; "": as scenarios say
	Seed        *int64
	InTurn      bool          // whole trials, one server after the other, where slots would be possible
	Slot        time.Duration // how long a slot is; 0: as long as answers ask for
	StartFloor  *float64      // what two starts of a server that runs already may differ by, as a fraction; nil: not known

	IgnoreLock bool // measure although another run does; of flags only
}

// Source is an entry of scenarios: a file, a folder or a pattern of files,
// seen from this process, and where it stands.
type Source struct {
	Path  string
	Place source.Error // Pos and Excerpt, for errors about the path
}

// Default is the configuration without a file: the two TaskFlow servers where
// their own documents start them, both already running.
func Default() Config {
	return Config{
		Targets: []server.Spec{
			{Name: "rust", URL: "http://localhost:3001"},
			{Name: "windjammer", URL: "http://localhost:3000"},
		},
		Results: "results",
		Pairs:   AutoPairs,
	}
}

// TargetNames lists the targets, in order.
func (c Config) TargetNames() []string {
	names := make([]string, len(c.Targets))
	for i, t := range c.Targets {
		names[i] = t.Name
	}
	return names
}

// longestName is how many bytes a target's name has at most: what is kept of it
// lies in files of its name beside others'.
const longestName = 64

var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// credentials stand before a host.
var credentials = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@`)

// CheckTarget says what is wrong with a target's name or URL: the name becomes
// a folder of the store, the URL is what wrk connects to.
func CheckTarget(name, address string) error {
	if len(name) > longestName {
		return fmt.Errorf("a target's name has at most %d letters, not %d: files are called by it", longestName, len(name))
	}
	if !namePattern.MatchString(name) {
		return fmt.Errorf("%q is no name for a target: letters, digits, dots, dashes and underscores", name)
	}
	u, err := url.Parse(address)
	if signed := credentials.ReplaceAllString(address, "$1"); signed != address {
		return source.WithHint(fmt.Errorf("%q has a user name or a password before it, which no load would send", signed),
			"let scenarios send them in their Authorization header")
	}
	switch {
	case err != nil:
		return fmt.Errorf("%q is not a URL: %w", address, errors.Unwrap(err))
	case strings.Contains(u.Scheme, "unix") || strings.HasPrefix(address, "/") || strings.HasPrefix(u.Path, "/") && strings.HasSuffix(u.Path, ".sock"):
		return source.WithHint(fmt.Errorf("%q is a unix socket, and wrk speaks TCP only", address), "let the server listen on a port too: http://localhost:3000")
	case u.Scheme != "http" && u.Scheme != "https":
		return source.WithHint(fmt.Errorf("%q is not an http:// or https:// URL", address), "write it like http://localhost:3000")
	case u.Hostname() == "":
		return fmt.Errorf("%q names no host", address)
	case !validPort(u):
		return source.WithHint(fmt.Errorf("%q has no port that a server can have", address), "a number from 1 to 65535, or no colon: http://localhost:3000")
	case strings.Contains(address, "#"):
		return source.WithHint(fmt.Errorf("%q has a fragment, which nobody sends", address), "leave out the # and what follows it")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery:
		return source.WithHint(fmt.Errorf("%q has a path", address),
			fmt.Sprintf("paths belong into scenarios: give %s://%s here, and there a var: vars: {api: %s} and request: GET ${raw(api)}/items", u.Scheme, u.Host, strings.TrimSuffix(u.Path, "/")))
	}
	return nil
}

// validPort holds where there is none, too: that is the scheme's.
func validPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && n > 0
}

// Write prints the configuration as a taskbench.yaml.
func (c Config) Write(w io.Writer) error {
	targets := yaml.MapSlice{}
	for _, t := range c.Targets {
		targets = append(targets, yaml.MapItem{Key: t.Name, Value: targetFields(t)})
	}
	doc := yaml.MapSlice{{Key: "targets", Value: targets}}
	add := func(to *yaml.MapSlice, key string, value any, given bool) {
		if given {
			*to = append(*to, yaml.MapItem{Key: key, Value: value})
		}
	}
	add(&doc, "baseline", text(c.Baseline), c.Baseline != "")
	if c.Floor != nil {
		add(&doc, "floor", targetFields(*c.Floor), true)
	}
	add(&doc, "scenarios", paths(c.Scenarios), len(c.Scenarios) > 0)
	add(&doc, "suite", text(c.Suite), c.Suite != "")
	indicators := yaml.MapSlice{}
	for _, b := range c.Indicators {
		add(&indicators, b.Metric, text(b.Text), true)
	}
	add(&doc, "indicators", indicators, len(indicators) > 0)
	add(&doc, "reset", text(c.Reset), c.Reset != "")
	add(&doc, "results", text(c.Results), true)
	add(&doc, "wrk", text(c.Wrk), c.Wrk != "")
	add(&doc, "hosts", hostsFields(c.Hosts), len(c.Hosts) > 0)
	run := yaml.MapSlice{{Key: "pairs", Value: pairsText(c.Pairs)}}
	add(&run, "max_time", c.MaxTime.String(), c.MaxTime > 0)
	add(&run, "pin", c.Pin, c.Pin != "")
	add(&run, "duration", c.Duration.String(), c.Duration > 0)
	if c.Warmup != nil {
		add(&run, "warmup", c.Warmup.String(), true)
	}
	add(&run, "connections", c.Connections, len(c.Connections) > 0)
	if c.Rate != nil {
		add(&run, "rate", arrivals.FlagText(*c.Rate), true)
	}
	add(&run, "arrival", string(c.Arrival), c.Arrival != "")
	if c.Seed != nil {
		add(&run, "seed", *c.Seed, true)
	}
	add(&run, "in_turn", c.InTurn, c.InTurn)
	add(&run, "slot", c.Slot.String(), c.Slot > 0)
	if c.StartFloor != nil {
		add(&run, "start_floor", fmt.Sprintf("%.6g%%", 100**c.StartFloor), true)
	}
	add(&doc, "run", run, true)
	out, err := yaml.Marshal(doc)
	if err != nil {
		return err
	}
	_, err = w.Write(out)
	return err
}

// text is a value that is written in quotes where the library would not, and
// lose its tabs when it reads it again.
type text string

// MarshalYAML writes the text.
func (t text) MarshalYAML() ([]byte, error) {
	if strings.Contains(string(t), "\t") {
		return json.Marshal(string(t)) // a JSON string is a YAML one
	}
	return yaml.Marshal(string(t))
}

func paths(sources []Source) []text {
	list := make([]text, len(sources))
	for i, s := range sources {
		list[i] = text(s.Path)
	}
	return list
}

func pairsText(n int) any {
	if n == AutoPairs {
		return "auto"
	}
	return n
}

func targetFields(t server.Spec) yaml.MapSlice {
	fields := yaml.MapSlice{{Key: "url", Value: t.URL}}
	for _, f := range []struct{ key, value string }{{"start", t.Start}, {"dir", t.Dir}, {"ready", t.Ready}} {
		if f.value != "" {
			fields = append(fields, yaml.MapItem{Key: f.key, Value: text(f.value)})
		}
	}
	if t.Remote {
		fields = append(fields, yaml.MapItem{Key: "remote", Value: true})
	}
	if t.PID != "" {
		fields = append(fields, yaml.MapItem{Key: "pid", Value: text(t.PID)})
	}
	if len(t.Also) > 0 {
		fields = append(fields, yaml.MapItem{Key: "also", Value: t.Also})
	}
	if t.ReadyTimeout > 0 {
		fields = append(fields, yaml.MapItem{Key: "ready_timeout", Value: t.ReadyTimeout.String()})
	}
	if t.LogFile != "" {
		fields = append(fields, yaml.MapItem{Key: "log", Value: text(t.LogFile)})
	}
	if len(t.Env) > 0 {
		env := map[string]text{}
		for name, value := range t.Env {
			env[name] = text(value)
		}
		fields = append(fields, yaml.MapItem{Key: "env", Value: env})
	}
	return fields
}
