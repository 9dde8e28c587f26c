package scenarios

import (
	"os"
	"slices"
	"strings"
)

// Secrets are the values of a scenario that are to be kept from others: of
// variables, data columns and headers whose names are those of secrets, and
// whatever comes from the environment.
func (s *Scenario) Secrets(isName func(string) bool) []string {
	var list []string
	for name, value := range s.Vars {
		if text, ok := value.(string); ok && isName(name) {
			list = append(list, text)
		}
	}
	for _, f := range s.Data {
		for i, column := range f.Columns {
			if !isName(column) {
				continue
			}
			for _, row := range f.Rows {
				list = append(list, row[i])
			}
		}
	}
	for _, step := range s.AllSteps() {
		list = append(list, step.secrets(isName)...)
	}
	return list
}

// schemes stand before a secret in a header, and are none.
var schemes = []string{"bearer", "basic", "token", "digest"}

func (s Step) secrets(isName func(string) bool) []string {
	list := slices.Concat(environment(s.Path), environment(s.Body.Content))
	for _, h := range s.Headers {
		list = append(list, environment(h.Value)...)
		if !isName(h.Name) {
			continue
		}
		for _, part := range h.Value {
			for _, word := range strings.Fields(part.Literal) {
				if !slices.Contains(schemes, strings.ToLower(word)) {
					list = append(list, word)
				}
			}
		}
	}
	return list
}

// environment are the values of a text that come from the environment.
func environment(t Template) []string {
	var list []string
	for _, ref := range t.Refs() {
		if ref.Kind == RefBuiltin && ref.Name == "env" && len(ref.Args) > 0 {
			list = append(list, os.Getenv(ref.Args[0]))
		}
	}
	return list
}
