package wrk

import (
	"regexp"
	"strconv"
	"strings"

	"taskbench/internal/source"
)

// message is one complaint wrk, its libraries or LuaJIT can write to stderr,
// and what it means for a user. m are the pattern's groups.
type message struct {
	pattern *regexp.Regexp
	explain func(o Options, m []string) *source.Error
}

// messages are tried in this order on every line of stderr: what ended the run
// before what only came with it.
var messages = []message{
	{regexp.MustCompile(`^PANIC: unprotected error in call to Lua API \((.*)\)?$`), explainPanic},
	{regexp.MustCompile(`^unable to connect to (\S+) (.*)$`), explainConnect},
	{regexp.MustCompile(`^unable to resolve (\S+) (.*)$`), explainResolve},
	{regexp.MustCompile(`^unable to create thread (\d+): (.*)$`), explainThread},
	{regexp.MustCompile(`^invalid URL: (.*)$`), explainURL},
	{regexp.MustCompile(`^number of connections must be >= threads`), explainConnections},
	{regexp.MustCompile(`^Throughput MUST be specified`), explainRate},
	{regexp.MustCompile(`^unable to initialize SSL`), explainSSL},
	{regexp.MustCompile(`^((?:invalid|incomplete|unexpected|unknown|too many|data received|the |constant|line feed).*) at (\d+):(\d+)$`), explainRequest},
	{regexp.MustCompile(`^\S+\.lua: .* (\S+) s behind TASKBENCH_GO: `), explainLate},
	{regexp.MustCompile(`^\S*wrk2?: ((?:invalid|unrecognized) option.*|option requires .*)$`), explainOption},
}

// explain finds the first known complaint in stderr; nil if there is none.
func explain(o Options, stderr string) *source.Error {
	lines := strings.Split(strings.ReplaceAll(stderr, "\r\n", "\n"), "\n")
	for _, known := range messages {
		for _, line := range lines {
			if m := known.pattern.FindStringSubmatch(line); m != nil {
				return known.explain(o, m)
			}
		}
	}
	for _, line := range lines {
		if cause, found := strings.CutPrefix(line, o.Script+": "); found && o.Script != "" {
			return explainScript(o, cause)
		}
	}
	return nil
}

// reasons are the system's words behind "unable to …: reason", and what helps.
var reasons = map[string]string{
	"Connection refused":                     "is the server running? start it, or give its address: --target NAME=URL",
	"Too many open files":                    "raise the limit (ulimit -n 65536) or use fewer connections",
	"Cannot assign requested address":        "all local ports are in use: wait a minute, or let the server keep connections open",
	"Resource temporarily unavailable":       "the system allows no more threads (ulimit -u): use fewer connections",
	"Cannot allocate memory":                 "out of memory: use fewer connections",
	"No route to host":                       "the network knows no way there: check the address",
	"Network is unreachable":                 "the network knows no way there: check the address",
	"Connection timed out":                   "nothing answers there: check the address, or a firewall drops the packets",
	"Name or service not known":              "check the host name in the URL",
	"Servname not supported for ai_socktype": "the port must be a number",
}

func reasonHint(reason, otherwise string) string {
	if hint, known := reasons[strings.TrimSpace(reason)]; known {
		return hint
	}
	return otherwise
}

func explainConnect(_ Options, m []string) *source.Error {
	return problem(reasonHint(m[2], reasons["Connection refused"]), "cannot connect to %s: %s", m[1], strings.ToLower(m[2]))
}

func explainResolve(_ Options, m []string) *source.Error {
	return problem(reasonHint(m[2], "check the host name in the URL"), "unknown host %s: %s", m[1], strings.ToLower(m[2]))
}

func explainThread(_ Options, m []string) *source.Error {
	return problem(reasonHint(m[2], "use fewer connections"), "wrk could not start its thread %s: %s", m[1], strings.ToLower(m[2]))
}

func explainLate(_ Options, m []string) *source.Error {
	return problem("whoever starts it too late, or has too many threads to start, is no part of a common load: look at what else runs there",
		"wrk was ready %s s behind the moment at which all were to begin", m[1])
}

func explainURL(_ Options, m []string) *source.Error {
	return problem("write it as http://host:port", "invalid URL %q", m[1])
}

func explainConnections(o Options, _ []string) *source.Error {
	return problem("use as many connections as threads, or more", "%d connections are too few for %d threads", o.Connections, o.Threads)
}

func explainRate(o Options, _ []string) *source.Error {
	return problem("use wrk itself: "+installHint, "%s is wrk2, which sends at a fixed rate only", programName(o))
}

func explainSSL(Options, []string) *source.Error {
	return problem("measure over http://, or install a wrk with a working OpenSSL", "wrk could not set up TLS")
}

func explainOption(o Options, m []string) *source.Error {
	return problem("use wrk 4.0 or later: "+installHint, "%s does not know an option: %s", programName(o), m[1])
}

func programName(o Options) string {
	if o.Path == "" {
		return "wrk"
	}
	return o.Path
}

// explainRequest: wrk runs the first request through its HTTP parser and gives
// the place inside the request, not inside the script.
func explainRequest(o Options, m []string) *source.Error {
	return &source.Error{
		Message: "the first request of " + o.Script + " is not valid HTTP: " + m[1] + ", in line " + m[2] + ", column " + m[3] + " of the request",
		Hint:    "look at it with: taskbench check " + o.Script + "; a NUL or a line break in a value does this",
	}
}

// explainPanic: an error in init, request, response or done, which wrk does
// not catch.
func explainPanic(o Options, m []string) *source.Error {
	cause := strings.TrimSuffix(m[1], ")")
	e := atScriptLine(o, cause)
	e.Message = "the script broke while running: " + e.Message
	if strings.Contains(cause, "not enough memory") {
		e.Hint = "LuaJIT has a limit of 1 or 2 GB for all threads of wrk: use fewer connections, or smaller data"
	}
	return e
}

// explainScript: wrk could not load the script, and went on without it.
func explainScript(o Options, cause string) *source.Error {
	if strings.HasPrefix(cause, "cannot open") || strings.HasPrefix(cause, "cannot read") {
		return problem("check the path; wrk would have loaded the plain URL instead", "cannot read the script %s", o.Script)
	}
	e := atScriptLine(o, cause)
	e.Message = "the script does not load: " + e.Message
	switch {
	case strings.Contains(cause, "local variables"):
		e.Hint = "LuaJIT allows 200 local variables in a function: put some into a table"
	case strings.Contains(cause, "upvalues"):
		e.Hint = "LuaJIT allows 60 outer variables in a function: put some into a table"
	}
	return e
}

var chunkLine = regexp.MustCompile(`^(.*?):(\d+): (.*)$`)

// atScriptLine makes an error at the line of the script that a Lua message
// names. Lua shortens a long chunk name to "..." and its end.
func atScriptLine(o Options, cause string) *source.Error {
	e := &source.Error{Message: cause, Hint: "mend the script; taskbench check " + o.Script + " tries it without load"}
	m := chunkLine.FindStringSubmatch(cause)
	if m == nil || !strings.HasSuffix(o.Script, strings.TrimPrefix(m[1], "...")) {
		return e
	}
	line, err := strconv.Atoi(m[2])
	if err != nil {
		return e
	}
	e.Pos, e.Message = source.Position{File: o.Script, Line: line}, m[3]
	return e
}
