package compose

import (
	"maps"
	"slices"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// used is a step with that in which it uses: what it says itself goes before.
func (c *composer) used(step *yamlfile.Node) *yamlfile.Node {
	n := step.Get(Use)
	if n == nil {
		return step
	}
	name := c.Str(n, Use)
	if name == "" {
		return placeholder(step)
	}
	base := c.named[name]
	if base == nil {
		c.FailWith(n.Pos, func() string {
			if len(c.named) == 0 {
				return "write it under steps, or include the file that has it"
			}
			return source.Allowed(name, slices.Sorted(maps.Keys(c.named)))
		}, "there is no step %q to use", name)
		return placeholder(step)
	}
	out := *step
	out.Pairs = slices.Clone(base.Pairs)
	for _, p := range withoutKeys(step.Pairs, Use) {
		switch own := base.Get(p.Key); {
		case own == nil:
		case p.Key == Headers:
			p.Value = withHeaders(p.Value, own)
		case p.Key == Expect:
			p.Value = expectOf(own, p.Value)
		}
		out.Pairs = append(withoutKeys(out.Pairs, instead(p.Key)...), p)
	}
	return &out
}

// placeholder stands for a step of which it is told that it uses nothing.
func placeholder(step *yamlfile.Node) *yamlfile.Node {
	out := *step
	out.Pairs = withoutKeys(step.Pairs, Use)
	for key, value := range map[string]string{"name": step.Get(Use).Text, "request": "GET /"} {
		if step.Get(key) == nil {
			out.Pairs = append(out.Pairs, yamlfile.Pair{Key: key, Pos: step.Pos, Value: &yamlfile.Node{Kind: yamlfile.Scalar, Pos: step.Pos, Text: value, Value: value}})
		}
	}
	return &out
}

// bodies are the keys of which a step has one.
var bodies = []string{"json", "form", "body", "body_file", "graphql", "multipart"}

// instead are the keys of a used step in place of which a key stands.
func instead(key string) []string {
	switch {
	case slices.Contains(bodies, key):
		return bodies
	case key == "request":
		return []string{"request", "method", "path"}
	case key == "method" || key == "path":
		return []string{"request", key}
	}
	return []string{key}
}

// withCommon is a step with the headers and expectations that all have.
func withCommon(step, headers, expect *yamlfile.Node) *yamlfile.Node {
	out := *step
	out.Pairs = slices.Clone(step.Pairs)
	put := func(key string, common *yamlfile.Node, with func(own *yamlfile.Node) *yamlfile.Node) {
		if common == nil {
			return
		}
		for i, p := range out.Pairs {
			if p.Key == key {
				out.Pairs[i].Value = with(p.Value)
				return
			}
		}
		out.Pairs = append(out.Pairs, yamlfile.Pair{Key: key, Pos: common.Pos, Value: common})
	}
	put(Headers, headers, func(own *yamlfile.Node) *yamlfile.Node { return withHeaders(own, headers) })
	put(Expect, expect, func(own *yamlfile.Node) *yamlfile.Node { return expectOf(expect, own) })
	return &out
}

// withHeaders are headers of one's own and others that are common. An empty one of
// one's own leaves the common one out.
func withHeaders(own, common *yamlfile.Node) *yamlfile.Node {
	if own.Kind != yamlfile.Mapping {
		return own
	}
	out := *own
	out.Pairs = nil
	for _, p := range common.Pairs {
		if !slices.ContainsFunc(own.Pairs, func(has yamlfile.Pair) bool { return sameHeader(has.Key, p.Key) }) {
			out.Pairs = append(out.Pairs, p)
		}
	}
	for _, p := range own.Pairs {
		isCommon := slices.ContainsFunc(common.Pairs, func(has yamlfile.Pair) bool { return sameHeader(has.Key, p.Key) })
		if !p.Value.IsNull() || !isCommon {
			out.Pairs = append(out.Pairs, p)
		}
	}
	return &out
}

// expectOf is a common expectation with one's own in its place: of the JSON and the
// headers by their names, of everything else whole.
func expectOf(common, own *yamlfile.Node) *yamlfile.Node {
	if own.IsNull() {
		return common
	}
	out := union(own, common)
	if out.Kind != yamlfile.Mapping {
		return out
	}
	for i, p := range out.Pairs {
		if other := common.Get(p.Key); other != nil && (p.Key == "json" || p.Key == Headers) {
			out.Pairs[i].Value = union(p.Value, other)
		}
	}
	return out
}
