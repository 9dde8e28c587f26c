package hosts

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// lookEvery is how often is looked at what processes tell each second.
const lookEvery = 500 * time.Millisecond

// sumLive adds up what several scripts tell, second by second, into a file of the
// same form. end stops that and removes what was read.
func sumLive(from []string, to string) (end func()) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for told := 0; ; {
			select {
			case <-stop:
				return
			case <-tick.C:
				told = addSeconds(from, to, told)
			}
		}
	}()
	return func() {
		close(stop)
		<-done
		for _, path := range from {
			_ = os.Remove(path) // the folder goes, too
		}
	}
}

// addSeconds writes the seconds behind the first `told` ones that all have told.
// Nobody needs to know where that cannot be written.
func addSeconds(from []string, to string, told int) int {
	var sums [][2]uint64
	for i, path := range from {
		text, err := os.ReadFile(path)
		if err != nil {
			return told
		}
		seconds := readSeconds(string(text))
		if i == 0 {
			sums = seconds
			continue
		}
		sums = sums[:min(len(sums), len(seconds))]
		for at := range sums {
			sums[at][0] += seconds[at][0]
			sums[at][1] += seconds[at][1]
		}
	}
	if len(sums) <= told {
		return told
	}
	file, err := os.OpenFile(to, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return told
	}
	defer file.Close()
	for at := told; at < len(sums); at++ {
		fmt.Fprintf(file, "%d %d %d\n", at, sums[at][0], sums[at][1])
	}
	return len(sums)
}

// readSeconds reads whole lines: the number of a second from 0, good answers,
// failed ones.
func readSeconds(text string) [][2]uint64 {
	var list [][2]uint64
	for line := range strings.Lines(text) {
		var second int
		var n [2]uint64
		if !strings.HasSuffix(line, "\n") {
			break
		}
		if _, err := fmt.Sscan(line, &second, &n[0], &n[1]); err != nil || second != len(list) {
			break
		}
		list = append(list, n)
	}
	return list
}
