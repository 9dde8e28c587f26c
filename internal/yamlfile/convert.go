package yamlfile

import (
	"math"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"taskbench/internal/source"
)

// converter makes nodes of the library's tree.
type converter struct {
	*Reader
	anchors map[string]*Node
	total   int
}

func (c *converter) convert(n ast.Node, depth int) *Node {
	switch {
	case n == nil:
		return &Node{Kind: Scalar, Pos: c.At(1, 1), size: 1}
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
func (c *converter) refuse(n ast.Node, message string) *Node { return c.refuseFor(n, message, "") }

func (c *converter) refuseFor(n ast.Node, message, hint string) *Node {
	pos := c.place(n.GetToken())
	c.Fail(pos, hint, "%s", message)
	return &Node{Kind: Scalar, Pos: pos, size: 1, refused: true}
}

func (c *converter) alias(n *ast.AliasNode) *Node {
	name := n.Value.GetToken().Value
	target, ok := c.anchors[name]
	if !ok {
		return c.refuseFor(n, "alias *"+name+" has no anchor &"+name+" before it", "put the value in quotes: * begins an alias")
	}
	if c.total += target.size; c.total > maxNodes {
		return c.refuse(n, "too many values; is an alias repeated within itself?")
	}
	return target
}

func (c *converter) tagged(n *ast.TagNode, depth int) *Node {
	if n.Start.Value != "!!str" {
		hint := "remove it"
		if !strings.HasPrefix(n.Start.Value, "!!") {
			hint = "put the value in quotes: ! begins a tag"
		}
		return c.refuseFor(n, "the tag "+n.Start.Value+" means nothing here", hint)
	}
	out := *c.convert(n.Value, depth+1)
	if out.Kind == Scalar {
		out.Value, out.doubt = out.Text, doubt{}
	}
	return &out
}

func (c *converter) convertSequence(n *ast.SequenceNode, depth int) *Node {
	out := &Node{Kind: Sequence, Pos: c.place(n.GetToken()), size: 1}
	c.total++
	for _, item := range n.Values {
		value := c.convert(item, depth+1)
		if out.Items = append(out.Items, value); value.refused && c.total > maxNodes {
			break // told once
		}
		out.size += value.size
	}
	return out
}

func (c *converter) convertMapping(n ast.MapNode, depth int) *Node {
	out := &Node{Kind: Mapping, Pos: c.mappingPlace(n), size: 1}
	c.total++
	var merged []*Node
	first := map[string]Pair{}
	for it := n.MapRange(); it.Next(); {
		value := c.convert(it.Value(), depth+1)
		if out.size += value.size; value.refused && c.total > maxNodes {
			break // told once
		}
		if it.Key().IsMergeKey() {
			merged = append(merged, value)
			continue
		}
		p := Pair{Pos: c.place(it.Key().GetToken()), Value: value}
		p.Key = c.convertKey(it.Key())
		if before, dup := first[p.Key]; dup {
			c.Fail(p.Pos, "remove one of the two", "key %q is already on line %d", p.Key, before.Pos.Line)
			continue
		}
		first[p.Key] = p
		out.Pairs = append(out.Pairs, p)
	}
	for _, m := range merged {
		c.merge(out, m, first)
	}
	return out
}

// start is where a node begins.
func (c *converter) start(n ast.Node) source.Position {
	switch n := n.(type) {
	case *ast.MappingNode:
		return c.mappingPlace(n)
	case *ast.MappingValueNode:
		return c.mappingPlace(n)
	}
	return c.place(n.GetToken())
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
	return c.At(1, 1)
}

// merge adds the pairs of a "<<" value that the mapping does not have.
func (c *converter) merge(into, from *Node, has map[string]Pair) {
	switch from.Kind {
	case Mapping:
		for _, p := range from.Pairs {
			if _, is := has[p.Key]; !is {
				has[p.Key] = p
				into.Pairs = append(into.Pairs, p)
			}
		}
	case Sequence:
		for _, item := range from.Items {
			c.merge(into, item, has)
		}
	default:
		c.Fail(from.Pos, "write <<: *anchor", "only mappings can be merged with <<")
	}
}

func (c *converter) convertKey(k ast.MapKeyNode) string {
	switch k := k.(type) {
	case *ast.StringNode:
		c.checkTabs(k)
		return k.Value
	case *ast.MappingKeyNode:
		if inner := c.convert(k.Value, maxDepth); inner.Kind == Scalar {
			return inner.Text
		}
		c.Fail(c.place(k.GetToken()), "", "a key must be text")
		return ""
	default:
		return k.GetToken().Value
	}
}

// checkTabs refuses text without quotes that has a tab in it: the library
// loses the tab.
func (c *converter) checkTabs(n *ast.StringNode) {
	if n.Token.Type != token.StringType {
		return
	}
	for line := range strings.Lines(n.Token.Origin) {
		if strings.Contains(strings.TrimSpace(line), "\t") {
			c.Fail(c.place(n.Token), "put the text in double quotes, with \\t for the tab", "a tab in text without quotes")
			return
		}
	}
}

var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

func (c *converter) convertScalar(n ast.Node) *Node {
	c.total++
	out := &Node{Kind: Scalar, Pos: c.place(n.GetToken()), size: 1, Text: n.GetToken().Value}
	switch n := n.(type) {
	case *ast.LiteralNode:
		out.Text = n.Value.Value
		out.Value = out.Text
	case *ast.StringNode:
		c.checkTabs(n)
		out.Text, out.Value = n.Value, n.Value
		if n.Token.Type == token.StringType && jsonNumber.MatchString(n.Value) {
			out.Value = bigNumber(n.Value) // an integer beyond 64 bits
		}
	case *ast.NullNode:
		out.Text = ""
	case *ast.BoolNode:
		out.Value = n.Value
	case *ast.FloatNode:
		out.Value = n.Value
	case *ast.InfinityNode:
		out.Value = n.Value
	case *ast.NanNode:
		out.Value = math.NaN()
	case *ast.IntegerNode:
		out.Value = integer(n.Value)
	default:
		return c.refuse(n, "only text, numbers, booleans, lists and mappings can be used here")
	}
	_, block := n.(*ast.LiteralNode)
	if kind := n.GetToken().Type; !block && kind != token.SingleQuoteType && kind != token.DoubleQuoteType {
		out.doubt = doubtOf(out)
	}
	return out
}

func integer(v any) any {
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
