package bench

import (
	"context"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskbench/parse"
	"taskbench/wrk"
)

// generate makes load, and passes on what the script tells meanwhile.
func (c *campaign) generate(ctx context.Context, o wrk.Options) (wrk.Output, error) {
	if c.Live {
		o.LiveFile = strings.TrimSuffix(o.Script, filepath.Ext(o.Script)) + ".live"
		defer follow(o.LiveFile, c.track.live).end()
	}
	return c.Generate(ctx, o)
}

// follower reads what a running script tells of itself, as it tells it.
type follower struct {
	path string
	tell func(parse.Live) // each time there is something new
	live parse.Live
	stop chan struct{}
	done chan struct{}
}

// lookEvery is how often a follower looks: a script has something to tell once
// a second.
const lookEvery = 500 * time.Millisecond

// follow begins to read a file that may not be there yet. Where it never is,
// nothing is told.
func follow(path string, tell func(parse.Live)) *follower {
	f := &follower{path: path, tell: tell, stop: make(chan struct{}), done: make(chan struct{})}
	go f.run()
	return f
}

// end stops reading and removes the file, so that the next run's begins empty;
// nothing is told after it.
func (f *follower) end() {
	close(f.stop)
	<-f.done
	_ = os.Remove(f.path)
}

func (f *follower) run() {
	defer close(f.done)
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	var read int64
	for {
		select {
		case <-f.stop:
			return
		case <-ticker.C:
			read = f.look(read)
		}
	}
}

// look takes what has been added behind the bytes that were read already, and
// gives the number of all. A file that cannot be read tells nothing yet.
func (f *follower) look(read int64) int64 {
	file, err := os.Open(f.path)
	if err != nil {
		return read
	}
	defer file.Close()
	known := f.live.Seconds
	n, _ := io.Copy(&f.live, io.NewSectionReader(file, read, math.MaxInt64-read))
	if f.live.Seconds > known {
		f.tell(f.live)
	}
	return read + n
}
