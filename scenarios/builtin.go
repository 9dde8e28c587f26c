package scenarios

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"

	"taskbench/internal/source"
)

//go:embed *.yaml
var embedded embed.FS

// BuiltinNames are the names of the embedded scenarios, sorted.
func BuiltinNames() []string {
	matches, err := fs.Glob(embedded, "*.yaml")
	if err != nil {
		return nil // cannot happen: the pattern is constant and valid
	}
	for i, m := range matches {
		matches[i] = strings.TrimSuffix(m, path.Ext(m))
	}
	slices.Sort(matches)
	return matches
}

// Builtin loads an embedded scenario. The error of an unknown name suggests
// the nearest one.
func Builtin(name string) (*Scenario, error) {
	text, err := embedded.ReadFile(name + ".yaml")
	if err != nil {
		return nil, source.Errorf(source.Position{}, source.Allowed(name, BuiltinNames()), "no built-in scenario %q", name)
	}
	return parse("builtin:"+name+".yaml", text, "", inFS(embedded, "."))
}
