// Package folder finds scenario files by their names, folders and patterns.
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"taskbench/internal/compose"
	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// Find lists the scenario files that a path means, sorted: itself where it is
// a file, those of a folder (its own YAML files that are scenarios), and the
// files of a pattern such as api/*.yaml. It finds one at least, or says what
// there is instead.
func Find(name string) ([]string, error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.IsDir():
		return inFolder(name)
	case err == nil:
		return []string{name}, nil
	case strings.ContainsAny(name, "*?["):
		return matching(name)
	}
	var failed *fs.PathError
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return nil, source.WithHint(fmt.Errorf("cannot read scenario %q: %w", name, err), "name a file, or one of the built-in scenarios")
}

func inFolder(dir string) ([]string, error) {
	found, others, err := partFiles(dir)
	if err == nil && len(found) == 0 {
		hint := "taskbench init writes one to start from"
		if len(others) > 0 {
			hint = fmt.Sprintf("%s: no flow, mix or request in it", filepath.Base(others[0]))
		}
		err = source.WithHint(fmt.Errorf("no scenarios in the folder %s", dir), hint)
	}
	return found, err
}

// Scenarios lists the scenario files of a folder, sorted; none where there is no
// such folder.
func Scenarios(dir string) ([]string, error) {
	found, _, err := partFiles(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return found, err
}

// partFiles parts the YAML files of a folder.
func partFiles(dir string) (found, others []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, source.WithHint(fmt.Errorf("cannot read the folder of scenarios: %w", err), "")
	}
	included := map[string]bool{}
	for _, e := range entries {
		if path := filepath.Join(dir, e.Name()); IsFile(path) {
			if yes, parts := isScenario(path); yes {
				found = append(found, path)
				for _, part := range parts {
					included[filepath.Join(dir, part)] = true
				}
			} else {
				others = append(others, path)
			}
		}
	}
	return slices.DeleteFunc(found, func(path string) bool { return included[path] }), others, nil
}

// IsFile tells the names of scenario files.
func IsFile(name string) bool {
	ext := filepath.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

func matching(pattern string) ([]string, error) {
	found, err := filepath.Glob(pattern)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q is no pattern of files: %w", pattern, err)
	case len(found) == 0:
		return nil, source.WithHint(fmt.Errorf("no file is named like %s", pattern), "*, ? and [a-z] stand for a part of a name; a folder stands for all of its scenarios")
	}
	slices.Sort(found)
	return found, nil
}

// scenarioKey begins a line that only a scenario has: a file that cannot be
// read as YAML is known by it, so that its mistake is told and the file not
// passed over.
var scenarioKey = regexp.MustCompile(`(?m)^["']?(` + strings.Join(ownKeys, "|") + `)["']?\s*:`)

// ownKeys are the keys of a scenario that other files hardly have.
var ownKeys = []string{"flow", "mix", "request", "setup", "load", "expected", "overrides"}

// isScenario tells a scenario, also a wrong one, from the other YAML files that
// may lie beside it, and which files it includes: those are parts, and no scenarios.
func isScenario(path string) (yes bool, included []string) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false, nil // reading anything else may never end
	}
	text, err := yamlfile.Read(path)
	if err != nil {
		return true, nil // which the loader says
	}
	root := yamlfile.NewReader(path, text).Parse()
	if root == nil {
		return scenarioKey.Match(text), nil
	}
	return slices.ContainsFunc(ownKeys, func(key string) bool { return root.Get(key) != nil }), compose.Included(root)
}
