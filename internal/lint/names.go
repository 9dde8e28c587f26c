package lint

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"taskbench/scenarios"
)

// uniqueKeys are fields that mostly exist once in a server.
var uniqueKeys = regexp.MustCompile(`(?i)^(user_?name|user|e?-?mail|login|slug|handle|key|code|isbn|sku)$`)

var createsAccount = regexp.MustCompile(`(?i)/(register|sign-?up|users|accounts)/?(\?|$)`)

// fixedNames finds what is created under names that are there already.
func (f *finder) fixedNames() {
	for i, step := range slices.Concat(f.s.Setup, f.s.Steps) {
		if !creates(&step) {
			continue
		}
		setup := i < len(f.s.Setup)
		once := setup && f.s.SetupRules.Once && i < f.s.OnceSteps
		for _, field := range fieldsOf(step.Body) {
			if !uniqueKeys.MatchString(field.key) || len(field.value) == 0 {
				continue
			}
			if lacks := f.lacks(field.value, setup, once); lacks != "" {
				f.add(step.Pos, "build it from "+lacks, "step %s creates %s %q: %s", step.Name, field.key, field.value.String(), collides[lacks])
			}
		}
	}
}

// collides says what becomes of a name without a reference.
var collides = map[string]string{
	"${iteration}": "the next iteration of the virtual user cannot create it again",
	"${vu}":        "another virtual user cannot create it, too",
	"${run}":       "the next run finds it there already",
}

// creates reports whether a step makes something that others must not have made.
func creates(s *scenarios.Step) bool {
	if s.Method != "POST" && s.Method != "PUT" {
		return false
	}
	return slices.Contains(s.Expect.Statuses, scenarios.StatusRange{Low: 201, High: 201}) || createsAccount.MatchString(s.Path.String())
}

// lacks is the reference that a name would have to have; "" where it has all.
func (f *finder) lacks(value scenarios.Template, setup, once bool) string {
	var perIteration, perUser, perRun bool
	for _, ref := range value.Refs() {
		switch {
		case ref.Kind == scenarios.RefCapture || ref.Kind == scenarios.RefEach:
			return "" // a server's own
		case ref.Kind == scenarios.RefColumn:
			perUser, perIteration = true, perIteration || f.s.Data[ref.Name].Pick != scenarios.Unique
		case ref.Name == "uuid" || ref.Name == "random":
			return ""
		case ref.Name == "now":
			perRun, perIteration = true, perIteration || slices.Contains(ref.Args, "ms")
		case ref.Name == "vu":
			perUser = true
		case ref.Name == "iteration":
			perIteration = true
		case ref.Name == "seq":
			perUser, perIteration = true, true
		case ref.Name == "run" || ref.Name == "env":
			perRun = true
		}
	}
	switch {
	case !perIteration && !setup:
		return "${iteration}"
	case !perUser && !once:
		return "${vu}"
	case !perRun:
		return "${run}"
	}
	return ""
}

// field is a key of a body and its value.
type field struct {
	key   string
	value scenarios.Template
}

var (
	inJSON = regexp.MustCompile(`"([A-Za-z_-]+)":"([^"]*)"`)
	inForm = regexp.MustCompile(`(?:^|&)([A-Za-z_-]+)=([^&]*)`)
)

// mark stands for a reference while a body is cut; no body has it.
const mark = "\x00"

// fieldsOf are the text fields of a body, wherever in it they stand.
func fieldsOf(b scenarios.Body) []field {
	var text strings.Builder
	var refs []*scenarios.Ref
	for _, p := range b.Content {
		if p.Ref == nil {
			text.WriteString(p.Literal)
			continue
		}
		refs = append(refs, p.Ref)
		if p.Ref.Escape == scenarios.EscapeJSONValue {
			text.WriteString(`"` + mark + `"`)
		} else {
			text.WriteString(mark)
		}
	}
	pattern := inJSON
	if b.Kind == scenarios.FormBody {
		pattern = inForm
	} else if b.Kind != scenarios.JSONBody {
		return nil
	}
	var out []field
	all := text.String()
	for _, m := range pattern.FindAllStringSubmatchIndex(all, -1) {
		next := strings.Count(all[:m[4]], mark)
		value := all[m[4]:m[5]]
		if b.Kind == scenarios.FormBody {
			if plain, err := url.QueryUnescape(value); err == nil {
				value = plain
			}
		}
		out = append(out, field{all[m[2]:m[3]], template(value, refs[next:])})
	}
	return out
}

// template puts references back where their marks stand.
func template(text string, refs []*scenarios.Ref) scenarios.Template {
	var out scenarios.Template
	for i, literal := range strings.Split(text, mark) {
		if i > 0 {
			out = append(out, scenarios.Part{Ref: refs[i-1]})
		}
		if literal != "" {
			out = append(out, scenarios.Part{Literal: literal})
		}
	}
	return out
}
