package k6

import (
	"bytes"
	"os"
	"time"
)

// awaitTold returns when so many virtual users have told, or the process is over.
func awaitTold(path string, users int, over <-chan struct{}) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	seen, read := 0, int64(0)
	for seen < users {
		select {
		case <-over:
			return
		case <-look.C:
		}
		n, length := toldSince(path, read)
		seen, read = seen+n, read+length
	}
}

// toldSince counts the whole lines behind a place of a log in which a virtual user
// tells, and says how long those lines are.
func toldSince(path string, from int64) (n int, length int64) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() <= from {
		return 0, 0
	}
	text := make([]byte, info.Size()-from)
	got, _ := f.ReadAt(text, from)
	text = text[:bytes.LastIndexByte(text[:got], '\n')+1]
	for line := range bytes.Lines(text) {
		if told.Match(line) {
			n++
		}
	}
	return n, int64(len(text))
}

func readFile(name, path string) (*Log, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadLog(name, f)
}
