package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"

	"taskbench/internal/source"
	"taskbench/lua"
	"taskbench/wrk"
)

// scriptAnswer is what every request of a script gets while it is checked.
var scriptAnswer = wrk.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("{}")}

// maxScript bounds the text of a script, in bytes.
const maxScript = 64 << 20

// checkScript runs a script through the embedded VM, and through wrk where it
// is installed: wrk's word counts, since it is what the script will meet.
// Unless it may do anything, a script that asks for what check keeps from it
// is judged only as far as it came.
func checkScript(ctx context.Context, path string, args []string, free bool) (checkedFile, error) {
	checked := checkedFile{Name: path}
	src, err := readScript(path)
	if err != nil {
		return checked, err
	}
	embedded := lua.Try(path, src, args, scriptAnswer.Status, scriptAnswer.Header, scriptAnswer.Body)
	met, err := wrk.Try(ctx, wrk.TryOptions{Script: path, Source: src, Args: args, Answer: scriptAnswer, Free: free})
	switch {
	case errors.Is(err, exec.ErrNotFound):
		err = checked.byEmbedded(embedded)
	case err == nil:
		err = checked.byWrk(met, embedded)
	}
	return checked, err
}

func readScript(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, source.WithHint(err, "name a Lua script that exists")
	case !info.Mode().IsRegular():
		return nil, source.Errorf(source.Position{File: path}, "name a Lua script", "not a file")
	case info.Size() > maxScript:
		return nil, source.Errorf(source.Position{File: path}, "scripts read large data from files of their own", "larger than %d MiB", maxScript>>20)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, source.WithHint(err, "make it readable")
	}
	return src, nil
}

// byWrk takes wrk's word. Of a text that is no Lua, the embedded VM knows the
// column, too; of what has no place, it may know one. It sees the request that is
// none, on which wrk only falls silent.
func (f *checkedFile) byWrk(met wrk.Tried, embedded lua.Tried) error {
	f.By = "wrk"
	for _, u := range met.Dropped {
		f.note("%s had no effect%s", u.What, inLine(u.Line))
	}
	if len(met.Kept) > 0 {
		f.notRun(met.Kept[0].What, met.Kept[0].Line)
		return nil
	}
	there, here := met.Err, embedded.Err
	switch {
	case there == nil && met.Stalled && embedded.Request:
		return here
	case there == nil:
		return nil
	case here != nil && met.Unreadable && here.Pos.Column > 0, here != nil && there.Pos.Line == 0 && here.Pos.Line > 0:
		return here
	}
	return there
}

// byEmbedded takes the embedded VM's word, where there is no wrk.
func (f *checkedFile) byEmbedded(tried lua.Tried) error {
	f.By = "embedded VM"
	f.note("not run through wrk: it is not installed")
	switch {
	case len(tried.Missing) > 0:
		f.notRun(tried.Missing[0], 0)
	case tried.Beyond != "":
		f.note("only compiled: the embedded VM gave up (%s)", tried.Beyond)
	case tried.Err != nil:
		return tried.Err
	}
	return nil
}

// notRun says that a script was judged no further than to where it asks for
// what check keeps from it.
func (f *checkedFile) notRun(what string, line int) {
	past := ""
	if line > 0 {
		past = fmt.Sprintf(" past line %d", line)
	}
	f.note("not judged%s: it asks for %s, which check keeps from scripts; --run lets them do everything", past, what)
}

func (f *checkedFile) note(format string, args ...any) {
	f.Notes = append(f.Notes, fmt.Sprintf(format, args...))
}

func inLine(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" in line %d", n)
}

// splitScripts takes the words of the command line apart: scenarios, scripts,
// and the last ones, behind "--", which are for the scripts unless there is
// nothing else.
func splitScripts(words []string, behind int) (scenarioWords, scripts, args []string) {
	if behind < len(words) {
		words, args = words[:len(words)-behind], words[len(words)-behind:]
	}
	for _, w := range words {
		if strings.HasSuffix(w, ".lua") {
			scripts = append(scripts, w)
		} else {
			scenarioWords = append(scenarioWords, w)
		}
	}
	return scenarioWords, scripts, args
}

// behindDashes counts the words behind the first "--", which the library takes
// away.
func behindDashes(argv []string) int {
	at := slices.Index(argv, "--")
	if at < 0 {
		return 0
	}
	return len(argv) - at - 1
}
