package luavm

import (
	"math"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// stats is wrk's statistics object: how often each value was seen. It counts
// as wrk 4 does, with its quirks, because scripts and their readers rely on them.
type stats struct {
	values []uint64 // distinct, ascending
	counts []uint64
	total  uint64
}

func newStats(samples []uint64) *stats {
	s := &stats{total: uint64(len(samples))}
	for _, v := range slices.Sorted(slices.Values(samples)) {
		if n := len(s.values); n > 0 && s.values[n-1] == v {
			s.counts[n-1]++
			continue
		}
		s.values = append(s.values, v)
		s.counts = append(s.counts, 1)
	}
	return s
}

// min of no samples is wrk's starting value, the largest 64-bit integer.
func (s *stats) min() float64 {
	if len(s.values) == 0 {
		return math.MaxUint64
	}
	return float64(s.values[0])
}

func (s *stats) max() float64 {
	if len(s.values) == 0 {
		return 0
	}
	return float64(s.values[len(s.values)-1])
}

func (s *stats) mean() float64 {
	if s.total == 0 {
		return 0
	}
	sum := 0.0
	for i, v := range s.values {
		sum += float64(v) * float64(s.counts[i])
	}
	return sum / float64(s.total)
}

// stdev is that of a sample: divided by n − 1.
func (s *stats) stdev() float64 {
	if s.total < 2 {
		return 0
	}
	mean, sum := s.mean(), 0.0
	for i, v := range s.values {
		d := float64(v) - mean
		sum += d * d * float64(s.counts[i])
	}
	return math.Sqrt(sum / float64(s.total-1))
}

// percentile takes the value at rank round(p/100·n + 0.5), counting from 1;
// percentile(100) is therefore beyond the last one and gives 0, as in wrk.
func (s *stats) percentile(p float64) float64 {
	rank := math.Round(p/100*float64(s.total) + 0.5)
	seen := 0.0
	for i, v := range s.values {
		seen += float64(s.counts[i])
		if seen >= rank {
			return float64(v)
		}
	}
	return 0
}

// at gives the i-th distinct value, from 1, and its count; beyond the last one
// 0 and the number of values.
func (s *stats) at(i float64) (value, count uint64) {
	if i >= 1 && i <= float64(len(s.values)) {
		return s.values[int(i)-1], s.counts[int(i)-1]
	}
	return 0, uint64(len(s.values))
}

func (s *state) statsValue(samples []uint64) *lua.LUserData {
	u := s.L.NewUserData()
	u.Value = newStats(samples)
	meta := s.L.NewTypeMetatable("wrk.stats")
	if meta.RawGetString("__index") == lua.LNil {
		s.L.SetFuncs(meta, map[string]lua.LGFunction{
			"__index": statsIndex, "__call": statsCall,
			"__len": func(L *lua.LState) int {
				L.Push(lua.LNumber(len(checkStats(L).values)))
				return 1
			},
		})
	}
	u.Metatable = meta
	return u
}

func checkStats(L *lua.LState) *stats {
	if u, ok := L.Get(1).(*lua.LUserData); ok {
		if s, ok := u.Value.(*stats); ok {
			return s
		}
	}
	L.ArgError(1, "wrk.stats expected, got "+typeName(L.Get(1)))
	return nil
}

func statsIndex(L *lua.LState) int {
	s := checkStats(L)
	switch L.CheckString(2) {
	case "min":
		L.Push(lua.LNumber(s.min()))
	case "max":
		L.Push(lua.LNumber(s.max()))
	case "mean":
		L.Push(lua.LNumber(s.mean()))
	case "stdev":
		L.Push(lua.LNumber(s.stdev()))
	case "percentile":
		L.Push(L.NewFunction(func(L *lua.LState) int {
			L.Push(lua.LNumber(checkStats(L).percentile(checkNumber(L, 2))))
			return 1
		}))
	default: // as for threads: the name itself
		L.Push(L.Get(2))
	}
	return 1
}

func statsCall(L *lua.LState) int {
	value, count := checkStats(L).at(checkNumber(L, 2))
	L.Push(lua.LNumber(value))
	L.Push(lua.LNumber(count))
	return 2
}
