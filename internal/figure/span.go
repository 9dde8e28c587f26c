package figure

import (
	"fmt"
	"math"
)

// Age is a length of time that nobody needs to know well: "4 min", "3 days".
func Age(seconds float64) string {
	const day = 24 * 3600
	switch {
	case seconds >= 2*day:
		return Count(int(seconds/day), "day")
	case seconds >= 2*3600:
		return Count(int(seconds/3600), "hour")
	case seconds >= 120:
		return fmt.Sprintf("%d min", int(seconds/60))
	}
	return fmt.Sprintf("%d s", int(seconds))
}

// Lasting is how long something took: "2 min 20 s".
func Lasting(seconds float64) string {
	s := int(math.Round(seconds))
	switch {
	case s < 60:
		return fmt.Sprintf("%d s", s)
	case s < 3600 && s%60 > 0 && s < 600:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	case s < 3600:
		return fmt.Sprintf("%d min", (s+30)/60)
	}
	return fmt.Sprintf("%d h %d min", s/3600, s%3600/60)
}
