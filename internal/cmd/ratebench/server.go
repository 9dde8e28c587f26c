//go:build linux

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/taskflow"
)

// serve is the reference server, which keeps when each request arrived.
func serve(args []string) int {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	delay := flags.Duration("delay", 0, "before every answer")
	stall := flags.String("stall", "", "LENGTH/EVERY")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	config := taskflow.Config{Delay: *delay}
	if *stall != "" {
		var err error
		if config.Stall, err = taskflow.ParseStall(*stall); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	made := machine.NowUS()
	c := &clock{next: taskflow.New(config)}
	fmt.Printf("http://%s %f\n", listener.Addr(), made)
	fmt.Fprintln(os.Stderr, http.Serve(listener, c))
	return 1
}

// arrivalsPath is where a server tells when requests arrived, in µs of the
// system's monotonic clock.
const arrivalsPath = "/__arrivals"

// clock notes when each request arrives.
type clock struct {
	next http.Handler
	mu   sync.Mutex
	at   []float64
}

func (c *clock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := machine.NowUS()
	if r.URL.Path == arrivalsPath {
		c.mu.Lock()
		defer c.mu.Unlock()
		_ = json.NewEncoder(w).Encode(c.at)
		return
	}
	c.mu.Lock()
	c.at = append(c.at, now)
	c.mu.Unlock()
	c.next.ServeHTTP(w, r)
}

// server is one that runs, on the first core of two.
type server struct {
	cmd    *exec.Cmd
	url    string
	madeUS float64 // when its stalls began to be counted
}

func (b *bench) start(args ...string) (*server, error) {
	words := append([]string{b.self, "serve"}, args...)
	if cpus := machine.CPUs(); len(cpus) > 1 {
		words = append([]string{"taskset", "-c", fmt.Sprint(cpus[0])}, words...)
	}
	s := &server{cmd: exec.Command(words[0], words[1:]...)}
	s.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := fmt.Fscanf(out, "%s %f\n", &s.url, &s.madeUS); err != nil {
		s.stop()
		return nil, fmt.Errorf("the server did not say where it is: %w", err)
	}
	return s, nil
}

func (s *server) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// arrivals are those within a stretch of time, in order.
func (s *server) arrivals(fromUS, toUS float64) ([]float64, error) {
	client := http.Client{Timeout: time.Minute}
	answer, err := client.Get(s.url + arrivalsPath)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	var all, inside []float64
	if err := json.NewDecoder(strings.NewReader(string(text))).Decode(&all); err != nil {
		return nil, err
	}
	for _, at := range all {
		if at >= fromUS && at < toUS {
			inside = append(inside, at)
		}
	}
	return inside, nil
}
