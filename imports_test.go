package main

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows is the map of the house: which of our packages each one may import.
// Data flows from the top of the list to the bottom; a new arrow is a decision,
// and is made here first.
var arrows = map[string][]string{
	".":                         {"internal/cli", "internal/cli/console"},
	"internal/source":           {},
	"internal/callgrind":        {"internal/source"},
	"internal/secret":           {},
	"internal/files":            {},
	"internal/arrivals":         {"internal/source"},
	"internal/yamlfile":         {"internal/files", "internal/source"},
	"internal/jsonpath":         {},
	"internal/compose":          {"internal/source", "internal/yamlfile"},
	"internal/table":            {"internal/source"},
	"internal/template":         {"internal/jsonpath", "internal/source"},
	"scenarios/folder":          {"internal/compose", "internal/source", "internal/yamlfile"},
	"scenarios/ofurls":          {"scenarios"},
	"scenarios":                 {"internal/arrivals", "internal/compose", "internal/files", "internal/jsonpath", "internal/othertools", "internal/source", "internal/table", "internal/template", "internal/yamlfile"},
	"internal/luavm":            {"internal/luavm/syntax", "internal/source"},
	"internal/luavm/syntax":     {"internal/source"},
	"internal/captured":         {"internal/template", "scenarios"},
	"lua":                       {"internal/arrivals", "internal/captured", "internal/jsonpath", "internal/luavm", "internal/source", "internal/template", "scenarios"},
	"internal/scratch":          {"internal/source"},
	"wrk":                       {"internal/files", "internal/scratch", "internal/source"},
	"parse":                     {"internal/source"},
	"parse/words":               {"parse"},
	"results":                   {"internal/arrivals", "internal/files", "internal/source", "parse"},
	"compare/finding":           {},
	"compare/stats":             {"compare/finding"},
	"internal/figure":           {"compare/stats", "results"},
	"internal/plain":            {},
	"internal/shell":            {},
	"internal/page":             {"internal/plain"},
	"compare":                   {"compare/finding", "compare/lineup", "compare/stats", "compare/verdict", "internal/figure", "internal/source", "results"}, // never words
	"compare/lineup":            {"compare/finding", "internal/figure", "internal/plain", "internal/source", "results"},
	"compare/verdict":           {"compare/finding", "compare/lineup", "compare/stats", "internal/figure", "results"},
	"compare/memory":            {"compare/finding", "compare/lineup", "compare/stats", "compare/verdict", "internal/figure", "results"},
	"compare/soak":              {"compare/finding", "compare/lineup", "compare/stats", "compare/verdict", "internal/figure", "internal/source", "results"},
	"compare/profiles":          {"compare/finding", "compare/lineup", "compare/stats", "compare/verdict", "internal/figure", "results"},
	"compare/micro":             {"compare/finding", "compare/lineup", "compare/stats", "compare/verdict", "internal/figure", "internal/plain", "internal/source", "results"},
	"compare/history":           {"compare", "compare/capacity", "compare/finding", "compare/lineup", "compare/stats", "compare/verdict", "internal/figure", "internal/source", "results"},
	"compare/why":               {"compare", "compare/finding", "compare/lineup", "compare/stats", "compare/verdict", "internal/figure", "internal/source", "results"},
	"compare/capacity":          {"compare/finding", "compare/lineup", "compare/stats", "internal/figure", "internal/search", "internal/source", "results"},
	"compare/capacity/shown":    {"compare/capacity", "compare/lineup", "compare/sentences", "compare/stats", "compare/words", "internal/figure", "internal/page", "internal/plain"},
	"compare/gate":              {"compare", "compare/capacity", "compare/finding", "compare/history", "compare/lineup", "compare/micro", "compare/stats", "compare/verdict", "internal/figure", "internal/source", "results"},
	"compare/sentences":         {"compare/finding", "compare/stats", "internal/figure", "results"}, // nothing of comparisons: findings carry all that is said
	"compare/words":             {"compare", "compare/finding", "compare/gate", "compare/history", "compare/lineup", "compare/memory", "compare/micro", "compare/profiles", "compare/sentences", "compare/soak", "compare/stats", "compare/verdict", "compare/why", "internal/figure", "internal/page", "internal/plain", "results"},
	"compare/charts":            {"compare", "compare/capacity", "compare/capacity/shown", "compare/history", "compare/lineup", "compare/memory", "compare/micro", "compare/profiles", "compare/sentences", "compare/soak", "compare/stats", "compare/verdict", "compare/words", "internal/figure", "internal/page", "results"},
	"compare/kinds":             {"compare", "compare/capacity", "compare/capacity/shown", "compare/charts", "compare/history", "compare/lineup", "compare/memory", "compare/micro", "compare/profiles", "compare/soak", "compare/words", "internal/page", "results"},
	"internal/wrk2":             {"internal/arrivals", "internal/bench", "internal/server", "internal/source", "lua", "parse", "results", "scenarios", "wrk"},
	"internal/profile":          {"internal/bench", "internal/machine", "internal/source", "internal/server", "internal/shell", "parse", "results"},
	"internal/ledger":           {"internal/bench", "internal/callgrind", "internal/check", "internal/profile", "internal/server", "internal/shell", "internal/source", "parse", "results", "scenarios"},
	"internal/server":           {"internal/files", "internal/scratch", "internal/source", "internal/taskflow"}, // the name by which the reference server is known
	"internal/taskflow":         {},
	"internal/slots":            {"internal/source"},
	"internal/search":           {}, // sees trials only: no servers, no clock
	"internal/othertools":       {},
	"internal/lint":             {"internal/source", "scenarios"},
	"internal/machine":          {"results"},
	"internal/counter":          {"internal/machine", "parse"},
	"internal/doctor":           {"internal/counter", "internal/hosts", "internal/machine", "internal/server", "internal/source", "results", "wrk"},
	"internal/config":           {"internal/arrivals", "internal/hosts", "internal/machine", "internal/source", "internal/server", "internal/yamlfile", "results", "scenarios"}, // how bounds are written
	"internal/check":            {"internal/files", "internal/plain", "internal/server", "internal/source", "lua", "scenarios", "wrk"},
	"internal/bench":            {"internal/arrivals", "internal/check", "internal/counter", "internal/machine", "internal/search", "internal/source", "internal/server", "internal/slots", "lua", "parse", "results", "scenarios", "wrk"},
	"internal/hosts":            {"internal/machine", "internal/scratch", "internal/shell", "internal/source", "lua", "parse", "wrk"},
	"internal/micro":            {"internal/files", "internal/plain", "internal/source", "parse", "results"},
	"internal/export":           {"compare", "compare/gate", "compare/lineup", "compare/sentences", "compare/stats", "compare/verdict", "compare/words", "internal/figure", "internal/page", "internal/plain", "results"},
	"internal/cmd/luabench":     {"internal/machine", "internal/slots", "lua", "parse", "results", "scenarios"},
	"internal/cmd/ratebench":    {"internal/arrivals", "internal/machine", "internal/taskflow", "lua", "parse", "scenarios", "wrk"},
	"internal/cmd/faultbench":   {"lua", "parse", "results", "scenarios", "wrk"},
	"internal/cmd/truth":        {}, // tests only
	"internal/cmd/taskflowdb":   {"internal/taskflow"},
	"compare/sample":            {"compare/verdict", "results"}, // tests only
	"internal/golden":           {},                             // tests only
	"internal/k6":               {"internal/k6/script", "internal/machine", "internal/source", "lua", "parse", "results", "scenarios", "wrk"},
	"internal/k6/script":        {"internal/arrivals", "internal/captured", "internal/jsonpath", "internal/source", "internal/table", "internal/template", "scenarios"},
	"internal/k6/k6test":        {}, // tests only
	"internal/pgtest":           {}, // tests only
	"internal/scripttest":       {}, // tests only
	"internal/cmd/verdictbench": {"compare", "compare/gate", "compare/lineup", "compare/stats", "compare/verdict", "internal/figure", "results"},
	"internal/cmd/aabench":      {"compare", "compare/gate", "compare/lineup", "compare/stats", "compare/verdict", "internal/bench", "internal/cmd/lab", "internal/figure", "internal/hosts", "internal/k6", "internal/machine", "lua", "scenarios"},
	"internal/cmd/lab":          {"compare/verdict", "internal/bench", "internal/cli", "internal/cli/console", "internal/hosts", "internal/machine", "internal/server", "lua", "results", "scenarios", "wrk"},
	"internal/cmd/precision":    {"compare", "compare/lineup", "internal/cmd/lab", "internal/figure", "internal/machine", "internal/slots", "scenarios"},
	"internal/cmd/leakbench":    {"compare/memory", "compare/sentences", "compare/stats", "compare/words", "internal/cli", "internal/cli/console", "internal/cmd/lab"},
	"internal/cmd/ledgerbench":  {"compare", "compare/lineup", "compare/stats", "compare/verdict", "compare/why", "internal/bench", "internal/figure", "internal/ledger", "internal/machine", "internal/server", "results", "scenarios"},
	"internal/cmd/searchbench":  {"compare/capacity", "compare/stats", "internal/cli", "internal/cli/console", "internal/cmd/lab"},
	"internal/cmd/hostbench":    {"internal/cmd/lab", "internal/hosts", "internal/k6", "internal/server", "lua", "parse", "scenarios", "wrk"},
	"internal/cmd/killbench":    {"internal/cli", "internal/cli/console", "internal/cmd/lab", "results"},
	"internal/report":           {"internal/page", "internal/plain"}, // nothing of what pages are about
	"internal/cli/live":         {"compare/stats", "internal/bench", "internal/figure", "results"},
	"internal/cli/console":      {"internal/cli/live", "internal/page", "internal/secret", "internal/source"},
	"internal/cli/documents":    {"compare/finding", "internal/cli/console", "internal/source", "results"},
	"internal/cli/order":        {"internal/arrivals", "internal/bench", "internal/check", "internal/cli/console", "internal/config", "internal/figure", "internal/hosts", "internal/secret", "internal/server", "internal/source", "results", "scenarios", "scenarios/folder", "scenarios/ofurls"},
	"internal/cli/measure":      {"compare", "compare/capacity", "compare/capacity/shown", "compare/gate", "compare/lineup", "compare/memory", "compare/profiles", "compare/sentences", "compare/soak", "compare/stats", "compare/verdict", "compare/words", "internal/arrivals", "internal/bench", "internal/cli/console", "internal/cli/documents", "internal/cli/order", "internal/config", "internal/figure", "internal/files", "internal/hosts", "internal/k6", "internal/ledger", "internal/machine", "internal/page", "internal/profile", "internal/search", "internal/scratch", "internal/server", "internal/shell", "internal/source", "internal/wrk2", "lua", "results", "scenarios", "wrk"},
	"internal/cli/stored":       {"compare", "compare/capacity", "compare/charts", "compare/gate", "compare/history", "compare/kinds", "compare/lineup", "compare/micro", "compare/sentences", "compare/stats", "compare/why", "compare/words", "internal/cli/console", "internal/cli/documents", "internal/cli/order", "internal/export", "internal/figure", "internal/files", "internal/ledger", "internal/page", "internal/report", "internal/secret", "internal/source", "lua", "results", "scenarios"},
	"internal/cli":              {"compare/lineup", "compare/micro", "compare/verdict", "compare/words", "internal/bench", "internal/check", "internal/cli/console", "internal/cli/documents", "internal/cli/measure", "internal/cli/order", "internal/cli/stored", "internal/config", "internal/doctor", "internal/figure", "internal/files", "internal/k6", "internal/lint", "internal/machine", "internal/micro", "internal/page", "internal/scratch", "internal/server", "internal/shell", "internal/source", "internal/taskflow", "lua", "parse", "parse/words", "results", "scenarios", "scenarios/ofurls", "wrk"},
}

// TestImports holds the packages to the map: no arrow that is not on it, no
// package that is not on it, and nothing on it that does not exist or is not used.
func TestImports(t *testing.T) {
	const module = "taskbench"
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := map[string]bool{}
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&pkg); err != nil {
			t.Fatal(err)
		}
		name := relative(module, pkg.ImportPath)
		seen[name] = true
		allowed, known := arrows[name]
		if !known {
			t.Errorf("package %s is not on the map", name)
			continue
		}
		used := map[string]bool{}
		for _, imported := range pkg.Imports {
			if imported != module && !strings.HasPrefix(imported, module+"/") {
				continue
			}
			to := relative(module, imported)
			if used[to] = true; !slices.Contains(allowed, to) {
				t.Errorf("%s imports %s: that arrow is not on the map", name, to)
			}
		}
		for _, to := range allowed {
			if !used[to] {
				t.Errorf("%s does not import %s: that arrow on the map is not used", name, to)
			}
		}
	}
	for name := range arrows {
		if !seen[name] {
			t.Errorf("%s is on the map, but there is no such package", name)
		}
	}
}

func relative(module, path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}
