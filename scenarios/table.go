package scenarios

import (
	"strings"

	"github.com/invopop/jsonschema"

	"taskbench/internal/yamlfile"
)

// The scenario format is written once: every mapping of it is a table of fields,
// which the loader reads files by and JSONSchema describes. A new key is a new
// line of a table.

// field is a key of a mapping of the format.
type field struct {
	key    string
	about  string // what it means, and what it is when left out; a sentence
	form   form
	needed bool
	read   func(*yamlfile.Node) // of its value; nil only allows it
}

// form is how a value may be written, as a schema. What needs the rest of the
// file (names, references, loads that fit) only the loader knows.
type form func() *jsonschema.Schema

// refused is a key that is known only to say something better of it than
// "unknown"; the schema has it not.
func refused(key string, read func(*yamlfile.Node)) field { return field{key: key, read: read} }

// fields reads a mapping by its table; what names it in messages.
func (r *reader) fields(n *yamlfile.Node, what string, table []field) {
	list := make([]yamlfile.Field, len(table))
	for i, f := range table {
		list[i] = yamlfile.On(f.key, f.read)
	}
	r.Fields(n, what, list...)
}

// keysOf are the keys of a table, in its order.
func keysOf(table []field) []string {
	keys := make([]string, len(table))
	for i, f := range table {
		keys[i] = f.key
	}
	return keys
}

// mapping is the form of a mapping by its table.
func mapping(table []field) form {
	return func() *jsonschema.Schema {
		s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
		for _, f := range table {
			if f.form == nil {
				continue
			}
			value := f.form()
			value.Description = f.about
			s.Properties.Set(f.key, value)
			if f.needed {
				s.Required = append(s.Required, f.key)
			}
		}
		return s
	}
}

// oneOf is one of a few words.
func oneOf[T ~string](words []T) form {
	return func() *jsonschema.Schema {
		s := &jsonschema.Schema{Type: "string"}
		for _, w := range words {
			s.Enum = append(s.Enum, string(w))
		}
		return s
	}
}

// like is text by a pattern.
func like(pattern string) form {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Pattern: pattern} }
}

// listOf is a list of at least so many items.
func listOf(item form, least uint64) form {
	return func() *jsonschema.Schema {
		s := &jsonschema.Schema{Type: "array", Items: item()}
		if least > 0 {
			s.MinItems = &least
		}
		return s
	}
}

// namesTo is a mapping whose keys are up to the file.
func namesTo(value form) form {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Type: "object", AdditionalProperties: value()} }
}

// either is what one of the shapes lets through.
func either(shapes ...form) form {
	return func() *jsonschema.Schema {
		s := new(jsonschema.Schema)
		for _, one := range shapes {
			s.AnyOf = append(s.AnyOf, one())
		}
		return s
	}
}

// except is what a form lets through but for some words.
func except[T ~string](all form, words ...T) form {
	return func() *jsonschema.Schema {
		s := all()
		s.Not = oneOf(words)()
		return s
	}
}

// scalar is a value of one of JSON's types.
func scalar(types ...string) form {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Extras: map[string]any{"type": types}} }
}

// defined is a form that stands in the schema once, under a name.
func defined(name string) form {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + name} }
}

// orWords lists words as a pattern has them.
func orWords(words []string) string { return "(" + strings.Join(words, "|") + ")" }
