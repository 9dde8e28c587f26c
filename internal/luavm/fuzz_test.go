package luavm

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func addScripts(f *testing.F) {
	f.Helper()
	for _, pattern := range []string{"testdata/wrk/*.lua", "testdata/luajit/*.lua"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range paths {
			src, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	for _, c := range checks {
		f.Add([]byte(c.src))
	}
}

// FuzzCheck: no bytes make Check panic.
func FuzzCheck(f *testing.F) {
	addScripts(f)
	f.Fuzz(func(_ *testing.T, src []byte) { _ = Check("fuzz.lua", src) })
}

// FuzzRun: no script makes the VM panic or hang, whatever callbacks it defines.
func FuzzRun(f *testing.F) {
	addScripts(f)
	f.Fuzz(func(_ *testing.T, src []byte) {
		p, err := New("fuzz.lua", src, Config{URL: testURL, Threads: 2, Budget: 20_000})
		if err != nil {
			return
		}
		if p.Start() != nil {
			return
		}
		summary, err := p.Run(context.Background(), func(int, []byte) (Answer, error) {
			return Answer{Status: 200, Header: http.Header{"A": {"b"}}, Body: []byte("{}")}, nil
		}, 3)
		if err == nil {
			summary.Duration = time.Second
			_ = p.Done(summary)
		}
	})
}
