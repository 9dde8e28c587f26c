package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os/exec"

	"taskbench/internal/files"
	"taskbench/internal/source"
	"taskbench/lua"
	"taskbench/wrk"
)

// scriptAnswer is what every request of a script gets while it is checked.
var scriptAnswer = wrk.Answer{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("{}")}

// maxScript bounds the text of a script, in bytes.
const maxScript = 64 << 20

// Verdict is what is to be known of a script's check beside whether it is right.
type Verdict struct {
	By    string   // who judged: "wrk" or "embedded VM"
	Notes []string // what a reader must know, a sentence each
}

// Script runs a script through the embedded VM, and through wrk where it is
// installed: wrk's word counts, since it is what the script will meet. args go
// to init(). Unless it is free to do anything, a script that asks for what check
// keeps from it is judged only as far as it came. The error is what is wrong with
// the script, mostly a *source.Error.
func Script(ctx context.Context, path string, args []string, free bool) (Verdict, error) {
	var v Verdict
	src, err := readScript(path)
	if err != nil {
		return v, err
	}
	embedded := lua.Try(path, src, args, scriptAnswer.Status, scriptAnswer.Header, scriptAnswer.Body)
	met, err := wrk.Try(ctx, wrk.TryOptions{Script: path, Source: src, Args: args, Answer: scriptAnswer, Free: free})
	switch {
	case errors.Is(err, exec.ErrNotFound):
		err = v.byEmbedded(embedded)
	case err == nil:
		err = v.byWrk(met, embedded)
	}
	return v, err
}

func readScript(path string) ([]byte, error) {
	src, err := files.Read(path, maxScript)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, source.WithHint(err, "name a Lua script that exists")
	case errors.Is(err, fs.ErrPermission):
		return nil, source.WithHint(err, "make it readable")
	case err != nil:
		return nil, source.Errorf(source.Position{File: path}, "name a Lua script; large data it reads from files of its own", "%w", err)
	}
	return src, nil
}

// byWrk takes wrk's word. Of a text that is no Lua, the embedded VM knows the
// column, too; of what has no place, it may know one. It sees the request that is
// none, on which wrk only falls silent.
func (v *Verdict) byWrk(met wrk.Tried, embedded lua.Tried) error {
	v.By = "wrk"
	for _, u := range met.Dropped {
		v.note("%s had no effect%s", u.What, inLine(u.Line))
	}
	if len(met.Kept) > 0 {
		v.notRun(met.Kept[0].What, met.Kept[0].Line)
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
func (v *Verdict) byEmbedded(tried lua.Tried) error {
	v.By = "embedded VM"
	v.note("not run through wrk: it is not installed")
	switch {
	case len(tried.Missing) > 0:
		v.notRun(tried.Missing[0], 0)
	case tried.Beyond != "":
		v.note("only compiled: the embedded VM gave up (%s)", tried.Beyond)
	case tried.Err != nil:
		return tried.Err
	}
	return nil
}

// notRun says that a script was judged no further than to where it asks for
// what check keeps from it.
func (v *Verdict) notRun(what string, line int) {
	past := ""
	if line > 0 {
		past = fmt.Sprintf(" past line %d", line)
	}
	v.note("not judged%s: it asks for %s, which check keeps from scripts; --run lets them do everything", past, what)
}

func (v *Verdict) note(format string, args ...any) {
	v.Notes = append(v.Notes, fmt.Sprintf(format, args...))
}

func inLine(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" in line %d", n)
}
