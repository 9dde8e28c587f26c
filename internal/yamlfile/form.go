package yamlfile

import (
	"encoding/json"
	"strconv"

	"github.com/invopop/jsonschema"
)

// Form is how a value of a file may be written, as a schema. What needs the
// rest of the file only its reader knows.
type Form func() *jsonschema.Schema

// Key is a key of a mapping, for its reader and for its schema.
type Key struct {
	Name   string
	About  string // what it means, and what it is when left out; a sentence
	Form   Form   // nil: the schema has it not
	Needed bool
	Read   func(*Node) // of its value; nil only allows it
}

// Keys reads a mapping by its table; what names it in messages.
func (r *Reader) Keys(n *Node, what string, table []Key) {
	list := make([]Field, len(table))
	for i, k := range table {
		list[i] = On(k.Name, k.Read)
	}
	r.Fields(n, what, list...)
}

// MappingOf is the form of a mapping by its table.
func MappingOf(table []Key) Form {
	return func() *jsonschema.Schema {
		s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
		for _, k := range table {
			if k.Form == nil {
				continue
			}
			value := k.Form()
			value.Description = k.About
			s.Properties.Set(k.Name, value)
			if k.Needed {
				s.Required = append(s.Required, k.Name)
			}
		}
		return s
	}
}

// OneOf is one of a few words.
func OneOf[T ~string](words []T) Form {
	return func() *jsonschema.Schema {
		s := &jsonschema.Schema{Type: "string"}
		for _, w := range words {
			s.Enum = append(s.Enum, string(w))
		}
		return s
	}
}

// Like is text by a pattern.
func Like(pattern string) Form {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Type: "string", Pattern: pattern} }
}

// AtMost is a form of text of at most so many letters.
func AtMost(letters uint64, text Form) Form {
	return func() *jsonschema.Schema {
		s := text()
		s.MaxLength = &letters
		return s
	}
}

// ListOf is a list of at least so many items.
func ListOf(item Form, least uint64) Form {
	return func() *jsonschema.Schema {
		s := &jsonschema.Schema{Type: "array", Items: item()}
		if least > 0 {
			s.MinItems = &least
		}
		return s
	}
}

// NamesTo is a mapping whose keys are up to the file.
func NamesTo(value Form) Form {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Type: "object", AdditionalProperties: value()} }
}

// Either is what one of the shapes lets through.
func Either(shapes ...Form) Form {
	return func() *jsonschema.Schema {
		s := new(jsonschema.Schema)
		for _, one := range shapes {
			s.AnyOf = append(s.AnyOf, one())
		}
		return s
	}
}

// Except is what a form lets through but for some words.
func Except[T ~string](all Form, words ...T) Form {
	return func() *jsonschema.Schema {
		s := all()
		s.Not = OneOf(words)()
		return s
	}
}

// ValueOf is a value of one of JSON's types.
func ValueOf(types ...string) Form {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Extras: map[string]any{"type": types}} }
}

// Defined is a form that stands in the schema once, under a name.
func Defined(name string) Form {
	return func() *jsonschema.Schema { return &jsonschema.Schema{Ref: "#/$defs/" + name} }
}

// Whole is a whole number in a range.
func Whole(low, high int) Form {
	return func() *jsonschema.Schema {
		return &jsonschema.Schema{Type: "integer", Minimum: json.Number(strconv.Itoa(low)), Maximum: json.Number(strconv.Itoa(high))}
	}
}

// OrList is one value, or a list of some.
func OrList(one Form) Form { return Either(one, ListOf(one, 1)) }

// Length is a length of time: "1m 30s", "500ms", or 0.
var Length = Either(Like(`^([0-9]+(\.[0-9]+)?(us|µs|ms|s|m|h) *)+$|^0$`), func() *jsonschema.Schema { return &jsonschema.Schema{Const: 0} })
