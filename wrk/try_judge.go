package wrk

import (
	"regexp"
	"slices"
	"strings"

	"taskbench/internal/source"
)

// Where a script can go wrong, as messages say it.
var phases = map[string]string{
	"compile": "", "load": "", "setup": "in setup(): ", "init": "in init(): ", "delay": "in delay(): ",
	"request": "in request(): ", "response": "in response(): ", "done": "in done(): ",
}

// judge reads what wrk, the harness and the listener have to say.
func (t *try) judge() Tried {
	out := Tried{Requests: t.server.whole(), Stalled: t.server.whole() < tryEnough && t.quiet > tryStalled}
	rest := t.read(&out)
	if out.Err != nil {
		return out
	}
	signal, code := exitSignal(t.state), t.state.ExitCode()
	switch {
	case strings.Contains(rest, "PANIC"):
		out.Err = t.panicked(rest)
	case signal == "CPU time limit exceeded":
		out.Err = t.fail(0, endlessHint, "the script does not return: wrk was killed after %v of computing", tryCompute)
	case t.overdue:
		out.Err = t.fail(0, endlessHint, "the script does not return: wrk was killed after %v", tryLimit)
	case code == 0 && t.server.broken.Load() != nil:
		b := t.server.broken.Load()
		out.Err = t.fail(0, refusedHint, "bad request from the script after %d good ones: %v", b.after, b.why)
	case code == 0 && t.server.part.Load() && out.Stalled:
		out.Err = t.fail(0, requestHint, "bad request from the script: incomplete request after %d whole ones", out.Requests)
	case signal != "":
		out.Err = t.fail(0, "wrk crashes on tables in tables given to thread:set, and on memory that ffi gets wrong", "wrk crashed: %s", signal)
	case code != 0:
		line, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
		if isRequestError(line) {
			out.Err = t.fail(0, requestHint, "bad request from the script: %s", line)
			return out
		}
		out.Err = t.fail(0, "wrk ended before its time, and the script did not say why", "wrk ended with exit status %d: %s", code, line)
	}
	return out
}

const endlessHint = "look for a loop that never ends"

const refusedHint = "servers answer 400 to it, which wrk counts as fast answers; write a blank in a path as %20"

const requestHint = "request() must return a whole HTTP request; wrk.format() builds one"

func isRequestError(line string) bool {
	return strings.HasPrefix(line, "incomplete request") || strings.HasPrefix(line, "invalid ")
}

// read takes the lines of the harness in, and gives what else is on stderr.
func (t *try) read(out *Tried) (rest string) {
	var others strings.Builder
	for line := range strings.Lines(string(t.stderr)) {
		_, text, ok := strings.Cut(line, t.mark)
		words := strings.SplitN(strings.TrimSuffix(text, "\n"), " ", 4)
		if !ok || len(words) < 4 {
			others.WriteString(line)
			continue
		}
		said := told{words[0], words[1], atoi(words[2]), unescape.Replace(words[3])}
		switch {
		case said.kind == "kept":
			out.Kept = add(out.Kept, Use{said.text, said.line})
		case said.kind == "dropped":
			out.Dropped = add(out.Dropped, Use{said.text, said.line})
		case out.Err != nil:
		case said.kind == "failed":
			out.Err, out.Unreadable = t.failed(said), said.phase == "compile"
		case said.kind == "exit" && said.phase != "done":
			out.Err = t.fail(said.line, "wrk ends there, with nothing measured", "%sthe script ends wrk with os.exit(%s)", phases[said.phase], said.text)
		}
	}
	return others.String()
}

var unescape = strings.NewReplacer(`\\`, `\`, `\n`, "\n")

func add(list []Use, u Use) []Use {
	if slices.Contains(list, u) {
		return list
	}
	return append(list, u)
}

func (t *try) fail(line int, hint, format string, args ...any) *source.Error {
	return source.Errorf(source.Position{File: t.o.Script, Line: line}, hint, format, args...).In(t.o.Source)
}

// failed is an error of the script. Lua puts file and line in front of most
// messages; those of other files keep them.
func (t *try) failed(said told) *source.Error {
	line, message := t.place(said.text)
	if line == 0 {
		line = said.line
	}
	message, _, _ = strings.Cut(message, ":\n") // where a module was looked for
	message, _, _ = strings.Cut(message, "\n")
	return t.fail(line, failedHint(said.phase, message), "%s%s", phases[said.phase], message)
}

func failedHint(phase, message string) string {
	switch {
	case strings.HasPrefix(message, "module "):
		return "put the module beside the script, or where package.path and package.cpath of wrk's LuaJIT point"
	case phase == "load" || phase == "compile":
		return "wrk would say so, measure a plain GET at full speed, and exit with 0"
	case phase == "init":
		return "wrk would end here, with nothing measured; what a script takes from its command line comes behind --"
	case phase == "response":
		return "wrk would end here, with nothing measured; the answer was the one that check gives to every request"
	}
	return "wrk would end here, with nothing measured"
}

var (
	located  = regexp.MustCompile(`^(.*?):(\d+): (?s:(.*))$`)
	panicked = regexp.MustCompile(`PANIC: unprotected error in call to Lua API \((?s:(.*?))\)\s*$`)
)

// place splits "FILE:12: message" where FILE is the script, whose name Lua
// cuts from the left when it is long.
func (t *try) place(text string) (line int, message string) {
	m := located.FindStringSubmatch(text)
	if m == nil {
		return 0, text
	}
	tail, cut := strings.CutPrefix(m[1], "...")
	if m[1] == t.o.Script || cut && strings.HasSuffix(t.o.Script, tail) {
		return atoi(m[2]), m[3]
	}
	return 0, text
}

// panicked is an error that passed the harness by: of a callback that another
// callback has put in place, or of wrk's own Lua.
func (t *try) panicked(stderr string) *source.Error {
	text := stderr
	if m := panicked.FindStringSubmatch(stderr); m != nil {
		text = m[1]
	}
	line, message := t.place(strings.TrimSpace(text))
	return t.fail(line, failedHint("", message), "%s", message)
}
