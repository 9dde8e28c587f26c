package scenarios

import (
	"math"
	"regexp"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"taskbench/internal/source"
)

// converter makes nodes of the library's tree.
type converter struct {
	*reader
	anchors map[string]*node
	total   int
}

func (c *converter) convert(n ast.Node, depth int) *node {
	switch {
	case n == nil:
		return &node{kind: scalar, pos: c.at(1, 1), size: 1}
	case depth > maxDepth:
		return c.refuse(n, "nested too deeply")
	case c.total > maxNodes:
		return c.refuse(n, "too many values; is an alias repeated within itself?")
	}
	switch n := n.(type) {
	case *ast.SequenceNode:
		return c.convertSequence(n, depth)
	case *ast.AnchorNode:
		out := c.convert(n.Value, depth+1)
		c.anchors[n.Name.GetToken().Value] = out
		return out
	case *ast.AliasNode:
		return c.alias(n)
	case *ast.TagNode:
		return c.tagged(n, depth)
	case ast.MapNode: // after anchors and aliases, which can stand for one
		return c.convertMapping(n, depth)
	default:
		return c.convertScalar(n)
	}
}

// refuse reports a value that cannot be used and stands in for it.
func (c *converter) refuse(n ast.Node, message string) *node {
	pos := c.place(n.GetToken())
	c.fail(pos, "", "%s", message)
	return &node{kind: scalar, pos: pos, size: 1, refused: true}
}

func (c *converter) alias(n *ast.AliasNode) *node {
	name := n.Value.GetToken().Value
	target, ok := c.anchors[name]
	if !ok {
		return c.refuse(n, "alias *"+name+" has no anchor &"+name+" before it")
	}
	if c.total += target.size; c.total > maxNodes {
		return c.refuse(n, "too many values; is an alias repeated within itself?")
	}
	return target
}

func (c *converter) tagged(n *ast.TagNode, depth int) *node {
	if n.Start.Value != "!!str" {
		return c.refuse(n, "the tag "+n.Start.Value+" means nothing here")
	}
	out := *c.convert(n.Value, depth+1)
	if out.kind == scalar {
		out.value = out.text
	}
	return &out
}

func (c *converter) convertSequence(n *ast.SequenceNode, depth int) *node {
	out := &node{kind: sequence, pos: c.place(n.GetToken()), size: 1}
	c.total++
	for _, item := range n.Values {
		value := c.convert(item, depth+1)
		out.items = append(out.items, value)
		out.size += value.size
	}
	return out
}

func (c *converter) convertMapping(n ast.MapNode, depth int) *node {
	out := &node{kind: mapping, pos: c.mappingPlace(n), size: 1}
	c.total++
	var merged []*node
	first := map[string]pair{}
	for it := n.MapRange(); it.Next(); {
		value := c.convert(it.Value(), depth+1)
		out.size += value.size
		if it.Key().IsMergeKey() {
			merged = append(merged, value)
			continue
		}
		p := pair{pos: c.place(it.Key().GetToken()), value: value}
		p.key = c.convertKey(it.Key())
		if before, dup := first[p.key]; dup {
			c.fail(p.pos, "remove one of the two", "key %q is already on line %d", p.key, before.pos.Line)
			continue
		}
		first[p.key] = p
		out.pairs = append(out.pairs, p)
	}
	for _, m := range merged {
		c.merge(out, m)
	}
	return out
}

// mappingPlace is the opening brace, or the first key of a block mapping (the
// library says: that key's colon).
func (c *converter) mappingPlace(n ast.MapNode) source.Position {
	if m, ok := n.(*ast.MappingNode); ok && (m.IsFlowStyle || len(m.Values) == 0) {
		return c.place(m.GetToken())
	}
	if it := n.MapRange(); it.Next() {
		return c.place(it.Key().GetToken())
	}
	return c.at(1, 1)
}

// merge adds the pairs of a "<<" value that the mapping does not have.
func (c *converter) merge(into, from *node) {
	switch from.kind {
	case mapping:
		for _, p := range from.pairs {
			if into.get(p.key) == nil {
				into.pairs = append(into.pairs, p)
			}
		}
	case sequence:
		for _, item := range from.items {
			c.merge(into, item)
		}
	default:
		c.fail(from.pos, "write <<: *anchor", "only mappings can be merged with <<")
	}
}

func (c *converter) convertKey(k ast.MapKeyNode) string {
	switch k := k.(type) {
	case *ast.StringNode:
		return k.Value
	case *ast.MappingKeyNode:
		if inner := c.convert(k.Value, maxDepth); inner.kind == scalar {
			return inner.text
		}
		c.fail(c.place(k.GetToken()), "", "a key must be text")
		return ""
	default:
		return k.GetToken().Value
	}
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

func (c *converter) convertScalar(n ast.Node) *node {
	c.total++
	out := &node{kind: scalar, pos: c.place(n.GetToken()), size: 1, text: n.GetToken().Value}
	switch n := n.(type) {
	case *ast.LiteralNode:
		out.text = n.Value.Value
		out.value = out.text
	case *ast.StringNode:
		out.text, out.value = n.Value, n.Value
		if n.Token.Type == token.StringType && jsonNumber.MatchString(n.Value) {
			out.value = bigNumber(n.Value) // an integer beyond 64 bits
		}
	case *ast.NullNode:
		out.text = ""
	case *ast.BoolNode:
		out.value = n.Value
	case *ast.FloatNode:
		out.value = n.Value
	case *ast.InfinityNode:
		out.value = n.Value
	case *ast.NanNode:
		out.value = math.NaN()
	case *ast.IntegerNode:
		out.value = integer(n.Value)
	default:
		return c.refuse(n, "only text, numbers, booleans, lists and mappings can be used here")
	}
	return out
}

func integer(v any) Value {
	switch v := v.(type) {
	case int64:
		return v
	case uint64:
		if v <= math.MaxInt64 {
			return int64(v)
		}
		return float64(v)
	}
	return nil
}
