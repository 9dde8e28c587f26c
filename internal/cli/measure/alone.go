package measure

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"taskbench/internal/cli/console"
	"taskbench/internal/config"
	"taskbench/internal/scratch"
	"taskbench/internal/server"
)

// Alone takes the machine until release, and clears what killed runs left
// behind. Where another run has it that is an error, or, when that is to be
// ignored, what is to be told of it beside the figures.
func Alone(p console.Process, ignore bool, targets []server.Spec) (beside string, release func(), err error) {
	me := scratch.Owner{PID: os.Getpid(), Command: withoutPasswords(p.Args), Since: time.Now()}
	for _, t := range targets {
		me.URLs = append(me.URLs, redacted(t.URL))
	}
	scratch.Sweep()
	release, err = scratch.Acquire(me)
	switch busy, ok := errors.AsType[*scratch.Busy](err); {
	case ignore && ok:
		fmt.Fprintf(p.Stderr, "%v: measured all the same, as --ignore-lock says\n", busy)
		return busy.Error(), func() {}, nil
	case ignore && err != nil:
		return "", func() {}, nil // it could not be known whether there is another
	}
	return "", release, err
}

// BeforeReset takes the machine where a reset hook is about to run: it would
// empty the tables under another run's load.
func BeforeReset(p console.Process, cfg config.Config) (release func(), err error) {
	if cfg.Reset == "" {
		return func() {}, nil
	}
	_, release, err = Alone(p, cfg.IgnoreLock, cfg.Targets)
	return release, err
}

// withoutPasswords is a command line that others may see.
func withoutPasswords(args []string) string {
	words := []string{"taskbench"}
	for i, word := range args {
		if i > 0 {
			name, address, isTarget := strings.Cut(word, "=")
			if isTarget && strings.Contains(address, "://") {
				word = name + "=" + redacted(address)
			}
			words = append(words, redacted(word))
		}
	}
	return strings.Join(words, " ")
}

// redacted is a URL without its password; what is none stays as it is.
func redacted(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.User == nil {
		return text
	}
	return u.Redacted()
}
