package config

import "testing"

// Both ends of what a file may ask for a run are taken, and what lies beyond is
// not.
func TestRunLimits(t *testing.T) {
	t.Parallel()
	for key, c := range map[string]struct{ within, beyond []string }{
		"pairs":       {[]string{"1", "10000", "auto"}, []string{"0", "10001"}},
		"max_time":    {[]string{"1s", "720h"}, []string{"999ms", "721h"}},
		"duration":    {[]string{"100ms", "24h"}, []string{"99ms", "24h1ms"}},
		"warmup":      {[]string{"0s", "24h"}, []string{"-1ms", "24h1ms"}},
		"connections": {[]string{"1", "60000"}, []string{"0", "60001"}},
	} {
		for _, value := range c.within {
			if _, err := Parse("taskbench.yaml", []byte("run: {"+key+": "+value+"}\n")); err != nil {
				t.Errorf("%s: %s is refused: %v", key, value, err)
			}
		}
		for _, value := range c.beyond {
			if _, err := Parse("taskbench.yaml", []byte("run: {"+key+": "+value+"}\n")); err == nil {
				t.Errorf("%s: %s is taken", key, value)
			}
		}
	}
}
