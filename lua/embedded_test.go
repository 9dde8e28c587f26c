package lua

import (
	"slices"
	"strings"
	"testing"
)

// TestTwins holds the parts of plain tables to the names that those with ffi
// define at their top level, apart from what only ffi needs.
func TestTwins(t *testing.T) {
	t.Parallel()
	defined := func(part string) (names []string) {
		for line := range strings.Lines(part1(t, part)) {
			line, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "local ")
			if !ok {
				continue
			}
			line, _, _ = strings.Cut(strings.TrimPrefix(line, "function "), " =")
			line, _, _ = strings.Cut(line, "(")
			line, _, _ = strings.Cut(line, " --")
			for name := range strings.SplitSeq(line, ",") {
				names = append(names, strings.TrimSpace(name))
			}
		}
		return names
	}
	onlyFFI := []string{"ffi", "bit", "instant", "bits", "address", "REALTIME", "MONOTONIC", "SIGINT"}
	for name := range usesFFI {
		plain := defined(name + "_plain")
		for _, want := range defined(name) {
			if !slices.Contains(plain, want) && !slices.Contains(onlyFFI, want) {
				t.Errorf("%s_plain.lua does not define %s", name, want)
			}
		}
	}
	for _, name := range []string{"flow", "mix", "inspected", "everything", "request"} {
		if script := generateEmbedded(t, load(t, name), Options{}); strings.Contains(script, "require(\"ffi\")") {
			t.Errorf("%s requires ffi", name)
		}
	}
}

// TestTwinHistogram: the twin counts latencies into the same buckets, of which
// parse.Block knows the borders.
func TestTwinHistogram(t *testing.T) {
	t.Parallel()
	chunk := func(parts string) string {
		return preamble + `local host = { memory = {} } local SECONDS, UNMET_SLOTS, SETUP_STEPS, STEPS = 1, 1, 0, 1
` + parts + `
local text = {}
for _, x in ipairs({ 0, 0.5, 1, 1.5, 1.999, 2, 63, 64, 65, 100, 127.9, 128, 1000, 12345.678, 1e6, 59999999, 1e9 }) do
  local into = { sum = 0, min = 0, max = 0, buckets = setmetatable({}, { __index = function() return 0 end }) }
  add_latency(into, x)
  for bucket in pairs(into.buckets) do text[#text + 1] = x .. ":" .. bucket end
end
`
	}
	here := evaluate(t, chunk(part1(t, "record_plain"))+`return table.concat(text, " ")`)[0]
	there, ok := inLuaJIT(t, chunk(part1(t, "clock")+part1(t, "record"))+`io.write(table.concat(text, " "))`)
	if ok && here != there {
		t.Errorf("buckets here\n%s\nin LuaJIT\n%s", here, there)
	}
	if !strings.Contains(here, "1000:") || !strings.HasPrefix(here, "0:0 ") {
		t.Errorf("buckets %s", here)
	}
}
