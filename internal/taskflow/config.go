// Package taskflow is the reference TaskFlow server: the whole HTTP API of the
// two servers taskbench compares, for the demo and for the tests; in memory, or
// with any other Store behind it.
//
// It is a measuring instrument. Its switches make it slower, later, wrong or
// leaky by a known amount, and with Config.Observe it times itself, so that
// what taskbench measures can be held against what the server did.
//
// It never pretends to be one of the servers under test: /health and every
// Server header say that it is the reference server. In memory it never touches
// a disk or a network beyond its listener, and it never is a place for real
// passwords: its bcrypt cost is the lowest there is unless asked otherwise.
package taskflow

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// Stall makes the server stop answering for Length once every Every. The k-th
// stall (k = 1, 2, …) begins k × Every after the server was made: every request
// that is in, or arrives meanwhile, waits for its end. The zero Stall is none.
type Stall struct {
	Length, Every time.Duration
}

// String is the stall as ParseStall reads it; "" for none.
func (s Stall) String() string {
	if s == (Stall{}) {
		return ""
	}
	return short(s.Length) + "/" + short(s.Every)
}

// Config is what a reference server can be asked for. The zero Config is a
// plain, fast server in the Rust dialect.
type Config struct {
	Dialect Dialect

	// Slow adds CPU work: 0.08 makes the process use 8 % more CPU time than it
	// would without, in proportion to each request's own work. What the share is
	// of, exactly, stands with the burner in slow.go. Range [0, 100].
	Slow float64
	// Delay is slept before every answer.
	Delay time.Duration
	// Stall is a pause of the whole server that comes again and again.
	Stall Stall
	// Capacity is the most answers per second, served one after the other with the
	// same time for each: beyond it requests wait longer and longer. 0 is no limit.
	Capacity float64
	// ErrorRate is the share of requests answered 500 instead of being handled,
	// in [0, 1]. Which ones is set by Seed; how many of each 1024 is exact.
	ErrorRate float64
	// Leak is memory kept, in bytes per second of Serve, touched so that it is resident.
	Leak float64
	// CloseAfter closes each connection after so many answers; 0 never.
	CloseAfter int
	// CloseAbruptly makes CloseAfter close without announcing it by a
	// "Connection: close" header. The last answer is still whole.
	CloseAbruptly bool

	// BcryptCost of new passwords; 0 means bcrypt.MinCost (4), so that a demo
	// measures the HTTP path. The real servers use 12.
	BcryptCost int
	// Seed chooses which requests ErrorRate hits.
	Seed int64
	// Store keeps the data; nil means in memory, with SeededUsername in it.
	Store Store
	// Storage says in /health what the Store is; "" is in memory.
	Storage string
	// OneActor makes every token act as user 1, who need not exist, as the real
	// servers do; else it acts as the user it was given to, who must.
	OneActor bool
	// Secret signs the tokens; empty means a random one, so that tokens of an
	// earlier server are refused.
	Secret []byte
	// Observe keeps the time and status of every answer (16 bytes each) and
	// serves them at StatsPath.
	Observe bool
}

// Validate reports the first value that is out of range.
func (c Config) Validate() error {
	switch {
	case !c.Dialect.known():
		return fmt.Errorf("unknown dialect %d: the last one is %d", c.Dialect, len(manners)-1)
	case !(c.Slow >= 0 && c.Slow <= maxSlow):
		return fmt.Errorf("slow %s is out of range: 0%% to %s", percent(c.Slow), percent(maxSlow))
	case c.Delay < 0:
		return fmt.Errorf("delay %s is negative", c.Delay)
	case c.Stall != Stall{} && (c.Stall.Length <= 0 || c.Stall.Length >= c.Stall.Every):
		return fmt.Errorf("stall %s: its length must be above 0 and below its interval", c.Stall)
	case c.Capacity != 0 && !(c.Capacity >= leastCapacity && c.Capacity <= mostCapacity):
		return fmt.Errorf("capacity %s is out of range: %s to %s", ratePerSecond(c.Capacity), ratePerSecond(leastCapacity), ratePerSecond(mostCapacity))
	case !(c.ErrorRate >= 0 && c.ErrorRate <= 1):
		return fmt.Errorf("error rate %s is out of range: 0%% to 100%%", percent(c.ErrorRate))
	case !(c.Leak >= 0 && c.Leak <= maxLeak):
		return fmt.Errorf("leak %g B/s is out of range: 0 to 10 GB/s", c.Leak)
	case c.CloseAfter < 0:
		return fmt.Errorf("close-after %d is negative: 0 never closes", c.CloseAfter)
	case c.CloseAbruptly && c.CloseAfter == 0:
		return fmt.Errorf("close-abruptly needs close-after: say after how many answers")
	case c.BcryptCost != 0 && (c.BcryptCost < bcrypt.MinCost || c.BcryptCost > bcrypt.MaxCost):
		return fmt.Errorf("bcrypt cost %d is out of range: %d to %d", c.BcryptCost, bcrypt.MinCost, bcrypt.MaxCost)
	}
	return nil
}

const (
	maxSlow = 100  // a hundred times the work
	maxLeak = 10e9 // bytes per second

	leastCapacity, mostCapacity = 0.1, 1e6 // answers per second
)

// Switches lists what makes this server differ from a plain one, as the flags
// of "taskbench serve" that ask for it; "" when nothing does.
func (c Config) Switches() string {
	var flags []string
	add := func(on bool, flag, value string) {
		if on {
			flags = append(flags, strings.TrimSpace("--"+flag+" "+value))
		}
	}
	add(c.Slow > 0, "slow", percent(c.Slow))
	add(c.Delay > 0, "delay", short(c.Delay))
	add(c.Stall != Stall{}, "stall", c.Stall.String())
	add(c.Capacity > 0, "capacity", ratePerSecond(c.Capacity))
	add(c.ErrorRate > 0, "error-rate", percent(c.ErrorRate))
	add(c.Leak > 0, "leak", byteRate(c.Leak))
	add(c.CloseAfter > 0, "close-after", strconv.Itoa(c.CloseAfter))
	add(c.CloseAbruptly, "close-abruptly", "")
	add(c.cost() != bcrypt.MinCost, "bcrypt-cost", strconv.Itoa(c.cost()))
	add(c.Observe, "observe", "")
	return strings.Join(flags, " ")
}

func (c Config) cost() int {
	if c.BcryptCost == 0 {
		return bcrypt.MinCost
	}
	return c.BcryptCost
}
