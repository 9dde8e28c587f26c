package lua

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskbench/parse"
)

// told starts two processes that are told in a file when they begin, when both say
// that they are ready.
func told(t *testing.T, text, url string, moment func() int64) (all []*aShare) {
	t.Helper()
	dir := t.TempDir()
	for place := 1; place <= 2; place++ {
		path := filepath.Join(dir, strconv.Itoa(place))
		all = append(all, startShare(t, loadText(t, text), Options{URL: url, Connections: 5}, place, 2, "TASKBENCH_GO=@"+path))
	}
	patience := time.Now().Add(time.Minute)
	for place := 1; place <= 2; place++ {
		for !exists(filepath.Join(dir, strconv.Itoa(place)+".ready")) {
			if time.Now().After(patience) {
				t.Fatal("no process says that it is ready")
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	time.Sleep(2500 * time.Millisecond) // longer than those by hand wait for further threads
	for place := 1; place <= 2; place++ {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(place)), fmt.Appendln(nil, moment()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

const single = `
name: single
load: {connections: 5, threads: 1, duration: 1s, warmup: 0s}
request: {name: a, request: GET /a/1, expect: {status: 200}}
`

// However long it takes until a process is ready, it begins when it is told to, and
// sends nothing before.
func TestSharesAreTold(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"flow": routes, "request": single} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newRouteLog(t)
			var begin int64
			all := told(t, text, server.URL, func() int64 {
				if begin == 0 {
					begin = time.Now().Add(500 * time.Millisecond).UnixMicro()
				}
				return begin
			})
			var blocks []*parse.Block
			for _, of := range all {
				if err := of.cmd.Wait(); err != nil {
					t.Skip("the machine was away when all were to begin: ", of.said.String())
				}
				data, err := os.ReadFile(of.out)
				if err != nil {
					t.Fatalf("%v: %s", err, &of.said)
				}
				b, err := parse.ReadBlock(data)
				if err != nil {
					t.Fatal(err)
				}
				if b.Share == nil || b.Share.GoUS != float64(begin) {
					t.Errorf("%+v, told %d", b.Share, begin)
				}
				blocks = append(blocks, b)
			}
			if _, err := parse.MergeBlocks(blocks); err != nil {
				t.Error(err)
			}
			server.Lock()
			defer server.Unlock()
			for user, at := range server.first {
				if at < float64(begin) {
					t.Errorf("virtual user %s sent %.0f µs before the beginning", user, float64(begin)-at)
				}
			}
		})
	}
}

// Who hears of it when it is over is no part of the load; who is told to give up
// ends.
func TestSharesAreToldTooLate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		moment func() int64
		want   string
	}{
		"late":     {func() int64 { return time.Now().Add(-time.Second).UnixMicro() }, "behind TASKBENCH_GO"},
		"given up": {func() int64 { return 0 }, "the run was given up"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newRouteLog(t)
			for _, of := range told(t, routes, server.URL, c.moment) {
				if err := of.cmd.Wait(); err == nil || !strings.Contains(of.said.String(), c.want) || exists(of.out) {
					t.Errorf("%v: %s, want %q", err, &of.said, c.want)
				}
			}
			if server.Lock(); len(server.urls) > 0 {
				t.Errorf("%d requests were sent", len(server.urls))
			}
			server.Unlock()
		})
	}
}
