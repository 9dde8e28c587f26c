package luavm

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// random is LuaJIT's generator of pseudo-random numbers, so that a script
// draws the same numbers here as under wrk: a Tausworthe generator of period
// 2^223 (L'Ecuyer, "Tables of maximally equidistributed combined LFSR
// generators", 1991, table 3), seeded alike in every state.
type random [4]uint64

var tausworthe = [4]struct{ k, q, s uint }{{63, 31, 18}, {58, 19, 28}, {55, 24, 7}, {47, 21, 8}}

func (r *random) seed(d float64) {
	for i, t := range tausworthe {
		d = d*math.Pi + math.E
		u := math.Float64bits(d)
		if least := uint64(1) << (64 - t.k); u < least {
			u += least
		}
		r[i] = u
	}
	for range 10 {
		r.next()
	}
}

func (r *random) next() uint64 {
	var out uint64
	for i, t := range tausworthe {
		z := r[i]
		z = (((z << t.q) ^ z) >> (t.k - t.s)) ^ ((z & (math.MaxUint64 << (64 - t.k))) << t.s)
		r[i] = z
		out ^= z
	}
	return out
}

// float draws from [0, 1), with 52 random bits.
func (r *random) float() float64 {
	return math.Float64frombits(r.next()&(1<<52-1)|0x3ff<<52) - 1
}

// openRandom replaces math.random and math.randomseed.
func (s *state) openRandom() {
	s.random.seed(0)
	s.L.SetFuncs(s.L.GetGlobal("math").(*lua.LTable), map[string]lua.LGFunction{
		"random": func(L *lua.LState) int {
			d := s.random.float()
			if L.GetTop() > 0 {
				low, high := 1.0, checkNumber(L, 1)
				if L.GetTop() > 1 {
					low, high = high, checkNumber(L, 2)
				}
				d = math.Floor(d*(high-low+1)) + low
			}
			L.Push(lua.LNumber(d))
			return 1
		},
		"randomseed": func(L *lua.LState) int {
			s.random.seed(checkNumber(L, 1))
			return 0
		},
	})
}
