package yamlfile

import "taskbench/internal/source"

// Kind is the kind of a node.
type Kind string

const (
	Scalar   Kind = "scalar"
	Mapping  Kind = "mapping"
	Sequence Kind = "list"
)

// Node is one YAML value and its place. Anchors, aliases, merge keys and tags
// are resolved; everything after this file sees only these three kinds.
type Node struct {
	Pos   source.Position
	Kind  Kind
	Value any     // scalar
	Text  string  // scalar: a string's content, anything else as written
	Pairs []Pair  // mapping, in file order, keys unique
	Items []*Node // sequence
	size  int     // nodes in this tree

	doubt   doubt // see Reader.Clear
	refused bool  // already reported: stands in for a value that cannot be used
}

// Pair is one entry of a mapping.
type Pair struct {
	Key   string
	Pos   source.Position
	Value *Node
}

// Get is the value of a mapping's key, or nil.
func (n *Node) Get(key string) *Node {
	for _, p := range n.Pairs {
		if p.Key == key {
			return p.Value
		}
	}
	return nil
}

// IsJSONNumber reports a number written as JSON would write it.
func (n *Node) IsJSONNumber() bool { return jsonNumber.MatchString(n.Text) }

// IsNull reports a missing value: nothing, ~ or null.
func (n *Node) IsNull() bool { return n.Kind == Scalar && n.Value == nil }
