//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"taskbench/parse"
)

// figures of one run of wrk.
type figures struct {
	throughput float64 // answers per second
	cpuMicros  float64 // of wrk, per request
	requests   float64
}

// runWrk runs one script, or bare wrk for an empty one, and reads its figures.
func runWrk(prefix []string, script, url string, threads, seconds int) (figures, string, error) {
	args := append(prefix, "wrk", "-t", strconv.Itoa(threads), "-c", strconv.Itoa(threads), "-d", strconv.Itoa(seconds))
	if script == "" {
		url += "/projects"
	} else {
		args = append(args, "-s", script)
	}
	cmd := exec.Command(args[0], append(args[1:], url)...)
	block := filepath.Join(filepath.Dir(script), "block.json")
	cmd.Env = append(os.Environ(), "TASKBENCH_OUT="+block)
	output, err := cmd.CombinedOutput()
	if err != nil {
		return figures{}, string(output), fmt.Errorf("%v: %w: %s", args, err, output)
	}
	var f figures
	if script == "" {
		f, err = readText(output)
	} else {
		f, err = readBlock(block)
	}
	usage := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	f.cpuMicros = float64(usage.Microseconds()) / f.requests
	return f, string(output), err
}

var (
	requestsLine   = regexp.MustCompile(`(?m)^\s+(\d+) requests in `)
	throughputLine = regexp.MustCompile(`(?m)^Requests/sec:\s+([\d.]+)`)
)

func readText(output []byte) (figures, error) {
	requests, throughput := requestsLine.FindSubmatch(output), throughputLine.FindSubmatch(output)
	if requests == nil || throughput == nil {
		return figures{}, fmt.Errorf("wrk printed no summary: %s", output)
	}
	n, _ := strconv.ParseFloat(string(requests[1]), 64)
	perSecond, _ := strconv.ParseFloat(string(throughput[1]), 64)
	return figures{throughput: perSecond, requests: n}, nil
}

// readBlock takes the answers of the window, which must all be good.
func readBlock(file string) (figures, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return figures{}, err
	}
	defer os.Remove(file)
	var b parse.Block
	if err := json.Unmarshal(text, &b); err != nil {
		return figures{}, err
	}
	good, answers := uint64(0), uint64(0)
	for _, s := range b.Steps {
		good, answers = good+s.Good, answers+s.Answers
	}
	if good != answers || good == 0 {
		return figures{}, fmt.Errorf("only %d of %d answers are good", good, answers)
	}
	return figures{throughput: float64(good) / (b.Window.LengthUS / 1e6), requests: float64(b.Wrk.Requests)}, nil
}

var collected = regexp.MustCompile(`Collected : (\d+)`)

// enoughRequests is how many more requests the longer run must have made: by
// then the share of what is compiled late no longer shows.
const enoughRequests = 20000

// instructions counts those of user space for one request, by callgrind: the
// difference between a longer and a shorter run, so that starting up and
// compiling do not count.
func instructions(b *bench, dir, url string) (float64, error) {
	first, before, err := countRun(b, dir, url, 2*time.Second)
	if err != nil {
		return 0, err
	}
	for d := 8 * time.Second; ; d *= 2 {
		total, requests, err := countRun(b, dir, url, d)
		if err != nil {
			return 0, err
		}
		if more := requests - before; more >= enoughRequests || d > time.Minute {
			return (total - first) / more, nil
		}
	}
}

// countRun is all instructions and requests of one run on two connections.
func countRun(b *bench, dir, url string, d time.Duration) (total, requests float64, err error) {
	small := *b
	small.connections = 2
	source, command, err := small.generate(url, d, 0)
	if err != nil {
		return 0, 0, err
	}
	script := filepath.Join(dir, "callgrind.lua")
	if err := os.WriteFile(script, source, 0o600); err != nil {
		return 0, 0, err
	}
	f, output, err := runWrk([]string{"valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"}, script, url, 2, command.Seconds)
	if err != nil {
		return 0, 0, err
	}
	found := collected.FindStringSubmatch(output)
	if found == nil {
		return 0, 0, fmt.Errorf("callgrind counted nothing: %s", output)
	}
	total, err = strconv.ParseFloat(found[1], 64)
	return total, f.requests, err
}
