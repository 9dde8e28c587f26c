package taskflow

import (
	"math"
	"strings"
	"testing"
	"time"
)

// TestParse reads every kind of flag; want "" is an error.
func TestParse(t *testing.T) {
	t.Parallel()
	show := map[string]func(string) (string, error){
		"dialect": func(s string) (string, error) { d, err := ParseDialect(s); return d.String(), err },
		"percent": func(s string) (string, error) { p, err := ParsePercent(s); return percent(p), err },
		"stall":   func(s string) (string, error) { x, err := ParseStall(s); return x.String(), err },
		"answers": func(s string) (string, error) { r, err := ParseRate(s); return ratePerSecond(r), err },
		"rate":    func(s string) (string, error) { r, err := ParseByteRate(s); return byteRate(r), err },
	}
	cases := []struct{ kind, text, want, hint string }{
		{"dialect", "rust", "rust", ""},
		{"dialect", "Windjammer", "windjammer", ""},
		{"dialect", "go", "", "write rust, windjammer, windjammer-0.16 or windjammer-0.18"},
		{"percent", "8%", "8%", ""},
		{"percent", " 0.5 % ", "0.5%", ""},
		{"percent", "0%", "0%", ""},
		{"percent", "150%", "150%", ""},
		{"percent", "8", "", "with its sign, such as 8%"},
		{"percent", "0.08", "", "with its sign"},
		{"percent", "-1%", "", "0 or more"},
		{"percent", "x%", "", "0 or more"},
		{"percent", "NaN%", "", "0 or more"},
		{"percent", "Inf%", "", "0 or more"},
		{"stall", "200ms/10s", "200ms/10s", ""},
		{"stall", "1s / 1m", "1s/1m", ""},
		{"stall", "1m/1h", "1m/1h", ""},
		{"stall", "200ms", "", "LENGTH/EVERY"},
		{"stall", "200/10s", "", `"200" is not a duration`},
		{"stall", "10s/200ms", "", "below the interval"},
		{"stall", "0s/1s", "", "above 0"},
		{"answers", "2000/s", "2000/s", ""},
		{"answers", "2.5k/s", "2500/s", ""},
		{"answers", "", "0/s", ""},
		{"answers", "2000", "", "such as 2000/s"},
		{"answers", "0/s", "", "such as 2000/s"},
		{"answers", "-5/s", "", "such as 2000/s"},
		{"answers", "Inf/s", "", "such as 2000/s"},
		{"rate", "1MB/s", "1MB/s", ""},
		{"rate", "1.5 GB/s", "1.5GB/s", ""},
		{"rate", "64KiB/s", "65.536kB/s", ""},
		{"rate", "10B/s", "10B/s", ""},
		{"rate", "", "0B/s", ""},
		{"rate", "1MB", "", "such as 1MB/s"},
		{"rate", "1/s", "", "such as 1MB/s"},
		{"rate", "-1MB/s", "", "such as 1MB/s"},
		{"rate", "MB/s", "", "such as 1MB/s"},
	}
	for _, c := range cases {
		t.Run(c.kind+" "+c.text, func(t *testing.T) {
			t.Parallel()
			got, err := show[c.kind](c.text)
			switch {
			case c.want != "" && (err != nil || got != c.want):
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			case c.want == "" && err == nil:
				t.Errorf("got %q, want an error", got)
			case err != nil && !strings.Contains(err.Error(), c.hint):
				t.Errorf("error lacks %q: %v", c.hint, err)
			}
		})
	}
	if s, err := ParseStall(""); err != nil || s != (Stall{}) {
		t.Errorf("no stall: %v, %v", s, err)
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		config Config
		want   string // part of the error; "" is valid
	}{
		{"zero", Config{}, ""},
		{"all", Config{Dialect: Windjammer, Slow: 1, Delay: 1, Stall: Stall{1, 2}, ErrorRate: 1, Leak: 1, CloseAfter: 1, CloseAbruptly: true, BcryptCost: 12}, ""},
		{"dialect", Config{Dialect: 7}, "unknown dialect 7"},
		{"slow", Config{Slow: -0.1}, "slow -10%"},
		{"slow beyond all", Config{Slow: 101}, "slow 10100%"},
		{"slow is no number", Config{Slow: math.NaN()}, "slow"},
		{"delay", Config{Delay: -time.Second}, "delay -1s is negative"},
		{"stall", Config{Stall: Stall{2, 1}}, "below its interval"},
		{"capacity", Config{Capacity: -1}, "capacity -1/s is out of range: 0.1/s to 1000000/s"},
		{"capacity is no number", Config{Capacity: math.NaN()}, "capacity"},
		{"errors", Config{ErrorRate: 1.5}, "error rate 150%"},
		{"leak", Config{Leak: -1}, "leak -1 B/s"},
		{"close", Config{CloseAfter: -1}, "close-after -1"},
		{"close abruptly", Config{CloseAbruptly: true}, "needs close-after"},
		{"bcrypt", Config{BcryptCost: 3}, "bcrypt cost 3"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := c.config.Validate()
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestSwitches(t *testing.T) {
	t.Parallel()
	if got := (Config{}).Switches(); got != "" {
		t.Errorf("a plain server has switches %q", got)
	}
	all := Config{
		Slow: 0.08, Delay: 5 * time.Millisecond, Stall: Stall{200 * time.Millisecond, 10 * time.Second}, Capacity: 2000,
		ErrorRate: 0.01, Leak: 1e6, CloseAfter: 100, CloseAbruptly: true, BcryptCost: 12, Observe: true,
	}
	want := "--slow 8% --delay 5ms --stall 200ms/10s --capacity 2000/s --error-rate 1% --leak 1MB/s --close-after 100 --close-abruptly --bcrypt-cost 12 --observe"
	if got := all.Switches(); got != want {
		t.Errorf("switches:\n got %s\nwant %s", got, want)
	}
}
