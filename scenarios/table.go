package scenarios

import (
	"strings"

	"taskbench/internal/yamlfile"
)

// The scenario format is written once: every mapping of it is a table of fields,
// which the loader reads files by and JSONSchema describes. A new key is a new
// line of a table.

// reader reads the parts of a scenario from the nodes of its file, and
// collects what is wrong with them.
type reader struct {
	*yamlfile.Reader
	badRows map[string]int // see badRow
}

func newReader(file string, text []byte) *reader {
	return &reader{yamlfile.NewReader(file, text), map[string]int{}}
}

// field is a key of a mapping of the format.
type field struct {
	key    string
	about  string // what it means, and what it is when left out; a sentence
	form   form
	needed bool
	read   func(*yamlfile.Node) // of its value; nil only allows it
}

// form is how a value may be written.
type form = yamlfile.Form

// refused is a key that is known only to say something better of it than
// "unknown"; the schema has it not.
func refused(key string, read func(*yamlfile.Node)) field { return field{key: key, read: read} }

// fields reads a mapping by its table; what names it in messages.
func (r *reader) fields(n *yamlfile.Node, what string, table []field) { r.Keys(n, what, keys(table)) }

// mapping is the form of a mapping by its table.
func mapping(table []field) form { return yamlfile.MappingOf(keys(table)) }

func keys(table []field) []yamlfile.Key {
	list := make([]yamlfile.Key, len(table))
	for i, f := range table {
		list[i] = yamlfile.Key{Name: f.key, About: f.about, Form: f.form, Needed: f.needed, Read: f.read}
	}
	return list
}

// keysOf are the keys of a table, in its order.
func keysOf(table []field) []string {
	keys := make([]string, len(table))
	for i, f := range table {
		keys[i] = f.key
	}
	return keys
}

// How values are written, as package yamlfile has it.
var (
	like    = yamlfile.Like
	listOf  = yamlfile.ListOf
	namesTo = yamlfile.NamesTo
	either  = yamlfile.Either
	scalar  = yamlfile.ValueOf
	defined = yamlfile.Defined
	integer = yamlfile.Whole
	orList  = yamlfile.OrList
)

func oneOf[T ~string](words []T) form { return yamlfile.OneOf(words) }

// orWords lists words as a pattern has them.
func orWords(words []string) string { return "(" + strings.Join(words, "|") + ")" }
