package scenarios

import (
	"encoding/json"

	"github.com/invopop/jsonschema"
)

// Values that may be written in more than one way; each says in its schema
// which. They exist for the schema alone.
type (
	text        struct{}
	scalarValue struct{}
	duration    struct{}
	connections struct{}
	threads     struct{}
	think       struct{}
	requestFile struct{}
	statuses    struct{}
	matcher     struct{}
	bodyMatcher struct{}
	captureText struct{}
	bound       struct{}
)

const durationPattern = `^([0-9]+(\.[0-9]+)?(us|µs|ms|s|m|h) *)+$|^0$`

func (text) JSONSchema() *jsonschema.Schema { return types("string", "number", "boolean") }
func (scalarValue) JSONSchema() *jsonschema.Schema {
	return types("string", "number", "boolean", "null")
}
func (captureText) JSONSchema() *jsonschema.Schema { return types("string", "integer") }
func (bound) JSONSchema() *jsonschema.Schema       { return types("string", "number") }

func (duration) JSONSchema() *jsonschema.Schema {
	return anyOf(&jsonschema.Schema{Type: "string", Pattern: durationPattern}, &jsonschema.Schema{Const: 0})
}

func (connections) JSONSchema() *jsonschema.Schema {
	count := &jsonschema.Schema{Type: "integer", Minimum: json.Number("1"), Maximum: number(MaxConnections)}
	return anyOf(count, listOf(count))
}

func (threads) JSONSchema() *jsonschema.Schema {
	return anyOf(&jsonschema.Schema{Const: "auto"}, &jsonschema.Schema{Type: "integer", Minimum: json.Number("1")})
}

func (think) JSONSchema() *jsonschema.Schema {
	return anyOf(duration{}.JSONSchema(), inline(struct {
		Mean         duration `json:"mean" jsonschema_description:"Mean pause."`
		Distribution string   `json:"distribution,omitempty" jsonschema:"enum=fixed,enum=exponential,enum=uniform" jsonschema_description:"How pauses are drawn; fixed when left out."`
	}{}))
}

func (requestFile) JSONSchema() *jsonschema.Schema {
	short := &jsonschema.Schema{Type: "string", Pattern: "^(GET|POST|PUT|PATCH|DELETE|OPTIONS) +[/$]"}
	return anyOf(short, inline(soleStepFile{}))
}

func (statuses) JSONSchema() *jsonschema.Schema {
	one := anyOf(
		&jsonschema.Schema{Type: "integer", Minimum: json.Number("100"), Maximum: json.Number("599")},
		&jsonschema.Schema{Type: "string", Pattern: `^[1-5](xx|[0-9][0-9](-[1-5][0-9][0-9])?)$`},
	)
	return anyOf(one, listOf(one))
}

func (matcher) JSONSchema() *jsonschema.Schema {
	return anyOf(types("string", "number", "boolean", "null"), inline(struct {
		Equals   scalarValue `json:"equals,omitempty" jsonschema_description:"The same value."`
		Contains text        `json:"contains,omitempty" jsonschema_description:"Text somewhere in it."`
		Matches  text        `json:"matches,omitempty" jsonschema_description:"RE2 expression that matches somewhere in it."`
		Type     string      `json:"type,omitempty" jsonschema:"enum=string,enum=number,enum=boolean,enum=array,enum=object,enum=null" jsonschema_description:"JSON type."`
	}{}))
}

func (bodyMatcher) JSONSchema() *jsonschema.Schema {
	one := matcher{}.JSONSchema()
	return anyOf(one, listOf(one))
}

func types(names ...string) *jsonschema.Schema {
	return &jsonschema.Schema{Extras: map[string]any{"type": names}}
}

func anyOf(schemas ...*jsonschema.Schema) *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: schemas}
}

func listOf(item *jsonschema.Schema) *jsonschema.Schema {
	one := uint64(1)
	return &jsonschema.Schema{Type: "array", Items: item, MinItems: &one}
}

// inline is a struct's schema without references, to stand within another.
func inline(v any) *jsonschema.Schema {
	r := jsonschema.Reflector{Anonymous: true, DoNotReference: true}
	s := r.Reflect(v)
	s.Version = ""
	return s
}

func number(n int) json.Number {
	b, _ := json.Marshal(n) // an int always encodes
	return json.Number(b)
}
