package config

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"taskbench/internal/arrivals"
	"taskbench/internal/hosts"
	"taskbench/internal/server"
	"taskbench/internal/yamlfile"
	"taskbench/scenarios"
)

// The format of taskbench.yaml is written once: every mapping of it is a table
// of keys, which Parse reads files by and JSONSchema describes.

// How values are written that several keys have.
var (
	words    = yamlfile.ValueOf("string", "number", "boolean")
	siteForm = yamlfile.Like("^https?://")
	fewWords = yamlfile.Either(words, yamlfile.ListOf(words, 0))
)

func rootKeys(r *yamlfile.Reader, dir string, root *yamlfile.Node, c *Config) []yamlfile.Key {
	text := func(name string, into *string) func(*yamlfile.Node) {
		return func(n *yamlfile.Node) { *into = r.Str(n, name) }
	}
	return []yamlfile.Key{
		{Name: "targets", About: "The servers, by name: two, or more. Left out: rust on http://localhost:3001, windjammer on http://localhost:3000.", Form: targetsForm,
			Read: func(n *yamlfile.Node) { c.Targets = targets(r, n, dir) }},
		{Name: "baseline", About: "The target that ratios are taken to; the first when left out.", Form: words, Read: text("baseline", &c.Baseline)},
		{Name: FloorName, About: "A server that answers the same with nothing behind it: ledgers split what others cost by it into stack and application. It needs start.", Form: yamlfile.Either(siteForm, yamlfile.Defined("target")),
			Read: func(n *yamlfile.Node) { c.Floor = floor(r, n, dir) }},
		{Name: "scenarios", About: "What is measured where nothing is named: files, folders, patterns, relative to this file.", Form: yamlfile.OrList(yamlfile.Either(yamlfile.Like("."), yamlfile.ValueOf("number", "boolean"))),
			Read: func(n *yamlfile.Node) { c.Scenarios = sources(r, n, dir) }},
		{Name: "suite", About: "A set of built-in scenarios instead.", Form: yamlfile.OneOf(Suites), Read: func(n *yamlfile.Node) { c.Suite = suite(r, n, root) }},
		{Name: "indicators", About: "Bounds of a good server, held against all scenarios of a run.", Form: scenarios.IndicatorsForm(),
			Read: func(n *yamlfile.Node) { c.Indicators = scenarios.ReadIndicators(r, n) }},
		{Name: "reset", About: "Shell command before every trial, to bring data back to its beginning.", Form: words, Read: text("reset", &c.Reset)},
		{Name: "results", About: "Folder of the store; results when left out.", Form: words, Read: text("results", &c.Results)},
		{Name: "wrk", About: "Path of wrk; the one on PATH when left out.", Form: words, Read: text("wrk", &c.Wrk)},
		{Name: "hosts", About: "Hosts that send the load together, over ssh, or {local: N} for processes on this machine; this machine alone when left out.", Form: hostsForm,
			Read: func(n *yamlfile.Node) { c.Hosts = readHosts(r, n) }},
		{Name: "run", About: "How targets are measured.", Form: yamlfile.Defined("run"), Read: func(n *yamlfile.Node) { r.Keys(n, "run", runKeys(r, c)) }},
	}
}

func targetKeys(r *yamlfile.Reader, dir string, t *server.Spec) []yamlfile.Key {
	return []yamlfile.Key{
		{Name: "url", About: "Where it is, without a path: paths are the scenarios'.", Form: siteForm, Needed: true, Read: func(n *yamlfile.Node) { t.URL = r.Str(n, "url") }},
		{Name: "start", About: "How taskbench starts it, fresh for every pair; left out: it is running.", Form: words, Read: func(n *yamlfile.Node) { t.Start = r.Str(n, "start") }},
		{Name: "dir", About: "The folder it is started in, relative to this file.", Form: words, Read: func(n *yamlfile.Node) { t.Dir = relativeTo(dir, r.Str(n, "dir")) }},
		{Name: "env", About: "Its environment, beside that of taskbench.", Form: envForm, Read: func(n *yamlfile.Node) { t.Env = environment(r, n) }},
		{Name: "pid", About: "The process that is measured, where another one listens: its number, or a file that has it.", Form: pidForm, Read: func(n *yamlfile.Node) { t.PID = processFile(r, n, dir) }},
		{Name: "also", About: "Processes that work for it, by name or number: its database, say.", Form: fewWords, Read: func(n *yamlfile.Node) { t.Also = also(r, n) }},
		{Name: "ready", About: "The path on which it answers when it is there: /health.", Form: yamlfile.Like("^(/|$)"), Read: func(n *yamlfile.Node) { t.Ready = readyPath(r, n) }},
		{Name: "ready_timeout", About: "How long that may take.", Form: yamlfile.Length,
			Read: func(n *yamlfile.Node) {
				t.ReadyTimeout = r.Duration(n, "ready_timeout", 100*time.Millisecond, time.Hour)
			}},
		{Name: "remote", About: "true: load may be sent beyond this machine and private networks.", Form: yamlfile.ValueOf("boolean"), Read: func(n *yamlfile.Node) { t.Remote = r.Bool(n, "remote") }},
		{Name: "log", About: "Where its output goes.", Form: words, Read: func(n *yamlfile.Node) { t.LogFile = relativeTo(dir, r.Str(n, "log")) }},
	}
}

// percentPattern is a percentage up to 50: a server that differs by more is another
// one at every start.
var percentPattern = regexp.MustCompile(`^([1-4]?[0-9](\.[0-9]{1,9})?|50)%$`)

func runKeys(r *yamlfile.Reader, c *Config) []yamlfile.Key {
	users := yamlfile.Whole(1, MaxUsers)
	return []yamlfile.Key{
		{Name: "pairs", About: "How often every target is measured, or auto: as often as verdicts need.", Form: yamlfile.Either(yamlfile.OneOf([]string{"auto"}), yamlfile.Whole(1, maxPairs)), Read: func(n *yamlfile.Node) {
			if c.Pairs = AutoPairs; n.Text != "auto" {
				c.Pairs = r.Integer(n, "pairs", 1, maxPairs)
			}
		}},
		{Name: "max_time", About: "Begin no pair that would end later.", Form: yamlfile.Length, Read: func(n *yamlfile.Node) { c.MaxTime = r.Duration(n, "max_time", time.Second, maxRun) }},
		{Name: "pin", About: "halves, or SERVER:GENERATOR as two lists of CPUs: 0-3:4-7.", Form: words, Read: func(n *yamlfile.Node) {
			c.Pin = r.Str(n, "pin")
			if _, _, err := ParsePin(c.Pin); c.Pin != "" && err != nil {
				r.Fail(n.Pos, "write halves, or SERVER:GENERATOR such as 0-3:4-7", "pin: %v", err)
			}
		}},
		{Name: "duration", About: fmt.Sprintf("Length of every measurement, at least %v; the scenario's when left out.", minWindow), Form: yamlfile.Length, Read: func(n *yamlfile.Node) { c.Duration = r.Duration(n, "duration", minWindow, MaxWindow) }},
		{Name: "warmup", About: "Load before it, not counted; the scenario's when left out.", Form: yamlfile.Length, Read: func(n *yamlfile.Node) {
			d := r.Duration(n, "warmup", 0, MaxWindow)
			c.Warmup = &d
		}},
		{Name: "connections", About: "Connections, or a list of numbers of them: a sweep; the scenario's when left out.", Form: yamlfile.Either(users, yamlfile.ListOf(users, 0)), Read: func(n *yamlfile.Node) { c.Connections = levels(r, n) }},
		{Name: "rate", About: "Iterations begun per second, whatever comes back, such as 2000/s; none: in closed loops; the scenario's when left out.", Form: yamlfile.Either(yamlfile.Like(arrivals.Pattern), yamlfile.OneOf([]string{arrivals.None})), Read: func(n *yamlfile.Node) {
			rate, err := arrivals.ParseFlag(n.Text)
			if n.Kind != yamlfile.Scalar || err != nil {
				r.Fail(n.Pos, "write it like 2000/s, or none", "rate: %q is not a rate", n.Text)
			}
			c.Rate = &rate
		}},
		{Name: "arrival", About: "How they follow each other; the scenario's when left out.", Form: yamlfile.OneOf(arrivals.All), Read: func(n *yamlfile.Node) {
			if c.Arrival = arrivals.Arrival(n.Text); !slices.Contains(arrivals.All, c.Arrival) {
				r.Fail(n.Pos, "constant or poisson", "unknown arrival %q", n.Text)
			}
		}},
		{Name: "seed", About: "Of the order and of everything random; drawn, and recorded, when left out.", Form: yamlfile.Whole(0, math.MaxInt32), Read: func(n *yamlfile.Node) {
			seed := int64(r.Integer(n, "seed", 0, math.MaxInt32))
			c.Seed = &seed
		}},
		{Name: "in_turn", About: "true: whole trials, one server after the other, instead of slots of a tenth of a second.", Form: yamlfile.ValueOf("boolean"), Read: func(n *yamlfile.Node) { c.InTurn = r.Bool(n, "in_turn") }},
		{Name: "slot", About: fmt.Sprintf("How long the servers' slots are, at least %v; as long as answers ask for when left out.", ShortestSlot), Form: yamlfile.Length, Read: func(n *yamlfile.Node) { c.Slot = r.Duration(n, "slot", ShortestSlot, MaxWindow) }},
		{Name: "start_floor", About: "What two starts of a server differ by, as calibrate measured it: 0.9%. Of servers that run already no smaller difference is stated; 0% states all; 2% when left out.", Form: yamlfile.Like(percentPattern.String()), Read: func(n *yamlfile.Node) {
			text := r.Str(n, "start_floor")
			if !percentPattern.MatchString(text) {
				r.Fail(n.Pos, "write it as 0.9%", "start_floor: %q is no percentage from 0 to 50", text)
				return
			}
			value, _ := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
			c.StartFloor = new(value / 100)
		}},
	}
}

// targetsForm names one server or more.
func targetsForm() *jsonschema.Schema {
	s := yamlfile.NamesTo(yamlfile.Defined("target"))()
	least := uint64(1)
	s.MinProperties, s.PropertyNames = &least, yamlfile.Like(namePattern.String())()
	return s
}

// envForm has names that a variable can have.
func envForm() *jsonschema.Schema {
	s := yamlfile.NamesTo(words)()
	s.PropertyNames = yamlfile.Like(`^[^=\x00]+$`)()
	return s
}

// pidForm is the number of a process, or a file.
func pidForm() *jsonschema.Schema {
	s := words()
	s.Not = yamlfile.Either(yamlfile.Whole(math.MinInt32, 0), yamlfile.Like(`^([-+]?0+|-[0-9]+)$`))()
	return s
}

// JSONSchema is the schema of a taskbench.yaml (draft 2020-12), for editors to
// complete and check files while they are written.
func JSONSchema() ([]byte, error) {
	s := yamlfile.MappingOf(rootKeys(nil, "", nil, new(Config)))()
	s.Version = jsonschema.Version
	s.Title = "taskbench.yaml"
	s.Description = "Which servers are compared, by which scenarios, and how."
	s.Not = &jsonschema.Schema{Required: []string{"scenarios", "suite"}}
	s.Definitions = jsonschema.Definitions{
		"host":   yamlfile.MappingOf(hostKeys(nil, new(hosts.Host)))(),
		"target": yamlfile.MappingOf(targetKeys(nil, "", new(server.Spec)))(),
		"run":    yamlfile.MappingOf(runKeys(nil, new(Config)))(),
	}
	return json.MarshalIndent(s, "", "  ")
}
