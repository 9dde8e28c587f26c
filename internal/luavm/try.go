package luavm

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/metrics"
	"time"

	"taskbench/internal/source"
)

// Bounds of a try.
const (
	tryTurns  = 20              // requests, or pipelines of them
	tryBudget = 50_000_000      // VM instructions of one callback
	tryTime   = 5 * time.Second // for all of it
	tryHeap   = 512 << 20       // bytes that this process may grow by
	tryFile   = 64 << 20        // bytes of a file that the script reads
	tryLook   = 5 * time.Millisecond
	tryLeave  = 2 * time.Second // after that, for a function that does not return
)

// Tried is what became of a script that was run through all its callbacks.
type Tried struct {
	Err     *source.Error // what is wrong with it; nil if nothing was found
	Request bool          // Err is of a request that is none
	Missing []string      // what it asked for that is not here: "ffi", "os.execute"
	Beyond  string        // why it cannot be judged here though it may be sound; "" if it can
}

// Try runs a script as wrk would with one thread: it loads, setup and init run,
// some requests are asked for and answered, done is called. Nothing is started,
// sent or written; files are read. It ends after about five seconds, or when
// it takes more than half a gigabyte.
func Try(name string, src []byte, args []string, answer Answer) Tried {
	p, err := prepare(name, src, Config{
		URL: "http://127.0.0.1:80/", Args: args, Env: os.LookupEnv, ReadFile: readRegular, Budget: tryBudget,
	})
	if err != nil {
		return tried(err)
	}
	finished := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				finished <- &beyondError{fmt.Sprint(r)}
			}
		}()
		finished <- p.visit(answer)
	}()
	t := tried(p.watch(finished))
	if t.Beyond == "" {
		t.Missing = p.missing // an abandoned script may still add to them
	}
	return t
}

func tried(err error) (t Tried) {
	var beyond *beyondError
	switch {
	case err == nil:
	case errors.As(err, &beyond):
		t.Beyond = beyond.why
	case !errors.As(err, &t.Err):
		t.Err = &source.Error{Message: err.Error(), Err: err}
	}
	var request *requestError
	t.Request = errors.As(err, &request)
	return t
}

// visit calls everything there is to call.
func (p *Process) visit(answer Answer) error {
	if err := p.load(); err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	summary, err := p.Run(context.Background(), func(int, []byte) (Answer, error) { return answer, nil }, tryTurns)
	if err != nil {
		return err
	}
	return p.Done(summary)
}

// watch ends a run that takes too long or too much. A function of Go that does
// not return cannot be ended: it is left behind.
func (p *Process) watch(finished <-chan error) error {
	began, start := time.Now(), heap()
	look := time.NewTicker(tryLook)
	defer look.Stop()
	for {
		select {
		case err := <-finished:
			if why := p.stop.Load(); why != nil {
				return why
			}
			return err
		case <-look.C:
		}
		switch {
		case heap() > start+tryHeap:
			p.stop.Store(&beyondError{fmt.Sprintf("it takes more than %d MiB", tryHeap>>20)})
		case time.Since(began) > tryTime+tryLeave:
			return &beyondError{fmt.Sprintf("it takes longer than %v", tryTime)}
		case time.Since(began) > tryTime:
			p.stop.Store(&beyondError{fmt.Sprintf("it takes longer than %v", tryTime)})
		}
	}
}

func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// beyondError says that the embedded VM gave up, which says nothing of LuaJIT.
type beyondError struct{ why string }

func (e *beyondError) Error() string { return e.why }

// readRegular reads a file of moderate size; devices and pipes could wait, or
// go on, for ever.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, errNoFile
	case !info.Mode().IsRegular():
		return nil, fs.ErrInvalid
	case info.Size() > tryFile:
		return nil, errors.New("file too large for the embedded VM")
	}
	return os.ReadFile(path)
}
