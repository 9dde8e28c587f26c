package main

import (
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"time"
)

// neighbours starts a process that burns a core now and then, as other users of
// a shared machine do, and gives what ends it.
func neighbours() (stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := exec.Command(self, "burn")
	stdin, err := c.StdinPipe() // which ends with us, however we end
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, err
	}
	return func() { stdin.Close(); _ = c.Wait() }, nil
}

// A neighbour burns a core for 0.2 to 3 s, and rests for up to 6 s.
const (
	shortBurn = 200 * time.Millisecond
	longBurn  = 3 * time.Second
	longRest  = 6 * time.Second
)

// burn is the neighbour's life, until nobody holds the other end of its input.
func burn(input io.Reader) {
	go func() {
		for {
			for end := time.Now().Add(shortBurn + rand.N(longBurn-shortBurn)); time.Now().Before(end); {
			}
			time.Sleep(rand.N(longRest))
		}
	}()
	_, _ = io.Copy(io.Discard, input)
	os.Exit(0)
}
