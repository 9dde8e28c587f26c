// Package compose puts a scenario together from its parts, before anything of it is
// read: files that it includes, steps that it uses by name, headers and expectations
// that all its steps have, and the profile that was asked for. It works on YAML and
// knows of a scenario only where its steps stand.
package compose

import (
	"maps"
	"path"
	"slices"
	"strings"

	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// Open reads a file that is named in a scenario, of at most limit bytes; hint says
// what to do where it cannot.
type Open func(name string, limit int64) (text []byte, hint string, err error)

// Keys of a scenario that are this package's alone. Nothing is left to do for them.
const (
	Include  = "include"
	Steps    = "steps"
	Headers  = "headers"
	Expect   = "expect"
	Profiles = "profiles"
	Use      = "use" // of a step
)

// composer works on one file.
type composer struct {
	*yamlfile.Reader
	root  *yamlfile.Node
	named map[string]*yamlfile.Node // steps that may be used
}

// Scenario is the file of a reader with all of its parts in, and the profile of that
// name, where there is one. What is wrong with the parts is reported to the reader.
func Scenario(r *yamlfile.Reader, root *yamlfile.Node, profile string, open Open) *yamlfile.Node {
	if root.Kind != yamlfile.Mapping {
		return root
	}
	whole := *root
	whole.Pairs = slices.Clone(root.Pairs)
	c := composer{Reader: r, root: &whole, named: map[string]*yamlfile.Node{}}
	c.include(open)
	c.profile(profile)
	c.nameSteps()
	c.common()
	return c.root
}

// Included are the files that a scenario includes, as it names them.
func Included(root *yamlfile.Node) []string {
	var names []string
	if n := root.Get(Include); n != nil {
		for _, item := range items(n) {
			names = append(names, item.Text)
		}
	}
	return names
}

// items are the elements of a list, or the one value where there is none.
func items(n *yamlfile.Node) []*yamlfile.Node {
	if n.Kind == yamlfile.Sequence {
		return n.Items
	}
	return []*yamlfile.Node{n}
}

// set puts a key into the file, in place of what it has.
func (c *composer) set(key string, p yamlfile.Pair) {
	for i := range c.root.Pairs {
		if c.root.Pairs[i].Key == key {
			c.root.Pairs[i].Value = p.Value
			return
		}
	}
	c.root.Pairs = append(c.root.Pairs, p)
}

// shared are the keys that an included file may have.
var shared = []string{"vars", "data", Headers, Expect, "load", "setup", Steps, Profiles, "tls"}

// include takes what the files hold that are named, in their order. What the
// scenario says itself goes before.
func (c *composer) include(open Open) {
	n := c.root.Get(Include)
	if n == nil {
		return
	}
	if n.Kind == yamlfile.Sequence && len(n.Items) == 0 {
		c.Fail(n.Pos, "name one, or leave include out", "the list of included files is empty")
	}
	for _, item := range items(n) {
		name := c.Str(item, Include)
		if name == "" {
			continue
		}
		if path.Join(path.Dir(c.File), name) == path.Clean(c.File) {
			c.Fail(item.Pos, "leave it out, or name a file that several scenarios share", "%q includes itself", name)
			continue
		}
		text, hint, err := open(name, yamlfile.MaxFileBytes)
		if err != nil {
			c.Fail(item.Pos, hint, "cannot include %q: %w", name, err)
			continue
		}
		beside := yamlfile.NewReader(path.Join(path.Dir(c.File), name), text)
		part := beside.Parse()
		c.Take(beside)
		if part != nil && part.Kind == yamlfile.Mapping {
			c.add(part)
		}
	}
}

func (c *composer) add(part *yamlfile.Node) {
	for _, p := range part.Pairs {
		own := c.root.Get(p.Key)
		switch {
		case !slices.Contains(shared, p.Key):
			c.FailWith(p.Pos, func() string { return source.Allowed(p.Key, shared) }, "an included file has no %s", p.Key)
		case own == nil || own.IsNull():
			c.set(p.Key, p)
		case p.Key == "setup" || p.Key == Steps:
			c.set(p.Key, yamlfile.Pair{Key: p.Key, Pos: p.Pos, Value: c.lists(p.Value, own, p.Key)})
		case p.Key == Expect:
			c.set(p.Key, yamlfile.Pair{Key: p.Key, Pos: p.Pos, Value: expectOf(p.Value, own)})
		case p.Key == Headers:
			c.set(p.Key, yamlfile.Pair{Key: p.Key, Pos: p.Pos, Value: withHeaders(own, p.Value)})
		default:
			c.set(p.Key, yamlfile.Pair{Key: p.Key, Pos: p.Pos, Value: union(own, p.Value)})
		}
	}
}

// lists joins the steps of a part and of the file, which may have them beside rules.
func (c *composer) lists(part, own *yamlfile.Node, what string) *yamlfile.Node {
	if own.Kind == yamlfile.Mapping && own.Get(Steps) != nil {
		out := *own
		out.Pairs = slices.Clone(own.Pairs)
		for i, p := range out.Pairs {
			if p.Key == Steps {
				out.Pairs[i].Value = c.lists(part, p.Value, what)
			}
		}
		return &out
	}
	if !c.Want(part, yamlfile.Sequence, what+" of an included file") || own.Kind != yamlfile.Sequence {
		return own
	}
	out := *own
	out.Items = slices.Concat(part.Items, own.Items)
	return &out
}

// union has the pairs of one mapping, and those of another whose keys it has not.
func union(first, other *yamlfile.Node) *yamlfile.Node {
	if first.Kind != yamlfile.Mapping || other.Kind != yamlfile.Mapping {
		return first
	}
	out := *first
	out.Pairs = slices.Clone(first.Pairs)
	for _, p := range other.Pairs {
		if !slices.ContainsFunc(first.Pairs, func(has yamlfile.Pair) bool { return has.Key == p.Key }) {
			out.Pairs = append(out.Pairs, p)
		}
	}
	return &out
}

// profile puts what a profile says in place of what the file says: its load and
// its vars, by their keys.
func (c *composer) profile(name string) {
	n := c.root.Get(Profiles)
	if n == nil || name == "" || !c.Want(n, yamlfile.Mapping, Profiles) {
		return
	}
	chosen := n.Get(name)
	if chosen == nil {
		names := make([]string, len(n.Pairs))
		for i, p := range n.Pairs {
			names[i] = p.Key
		}
		c.FailWith(n.Pos, func() string { return source.Allowed(name, names) }, "there is no profile %q", name)
		return
	}
	for _, p := range chosen.Pairs {
		if p.Key != "load" && p.Key != "vars" {
			continue
		}
		if own := c.root.Get(p.Key); own != nil {
			if p.Key == "vars" {
				c.checkVars(p.Value, own)
			}
			p.Value = union(p.Value, own)
		}
		c.set(p.Key, p)
	}
}

// checkVars reports vars of a profile that the file has not.
func (c *composer) checkVars(vars, own *yamlfile.Node) {
	known := map[string]bool{}
	for _, p := range own.Pairs {
		known[p.Key] = true
	}
	for _, p := range vars.Pairs {
		if !known[p.Key] {
			c.FailWith(p.Pos, func() string { return source.Allowed(p.Key, slices.Sorted(maps.Keys(known))) }, "there is no var %q for a profile to change", p.Key)
		}
	}
}

// nameSteps learns which steps may be used.
func (c *composer) nameSteps() {
	n := c.root.Get(Steps)
	if n == nil || !c.Want(n, yamlfile.Sequence, Steps) {
		return
	}
	for _, step := range n.Items {
		name := step.Get("name")
		switch {
		case !c.Want(step, yamlfile.Mapping, "each of steps"):
		case name == nil:
			c.Fail(step.Pos, "add name: login", "a step of steps needs a name")
		case c.named[name.Text] != nil:
			c.Fail(name.Pos, "", "a step is already named %q", name.Text)
		default:
			c.named[name.Text] = step
		}
	}
}

// isStep tells a step from other mappings, such as a flow with a weight.
func isStep(n *yamlfile.Node) bool {
	return n.Kind == yamlfile.Mapping && slices.ContainsFunc([]string{"request", "path", "method", Use}, func(key string) bool { return n.Get(key) != nil })
}

// sections are the keys under which steps stand, in a scenario and within each other.
var sections = []string{"setup", "before", "flow", "mix", "request", "after", "teardown", Steps}

// common gives every step what all steps have, and puts in the steps that are used.
func (c *composer) common() {
	headers, expect := c.mapping(Headers), c.mapping(Expect)
	change := func(step *yamlfile.Node) *yamlfile.Node { return withCommon(c.used(step), headers, expect) }
	if headers == nil && expect == nil && len(c.named) == 0 {
		change = c.used
	}
	for i, p := range c.root.Pairs {
		if p.Key == Steps || !slices.Contains(sections, p.Key) {
			continue
		}
		if p.Key == "request" && p.Value.Kind == yamlfile.Scalar && (headers != nil || expect != nil) {
			p.Value = &yamlfile.Node{Kind: yamlfile.Mapping, Pos: p.Value.Pos, Pairs: []yamlfile.Pair{p}}
		}
		c.root.Pairs[i].Value = each(p.Value, change)
	}
	if expect != nil {
		c.overrides(expect)
	}
}

// mapping is what stands under a key of the file; nil where it is none.
func (c *composer) mapping(key string) *yamlfile.Node {
	n := c.root.Get(key)
	if n == nil || !c.Want(n, yamlfile.Mapping, key) {
		return nil
	}
	return n
}

// each changes every step in a section.
func each(n *yamlfile.Node, change func(*yamlfile.Node) *yamlfile.Node) *yamlfile.Node {
	out := *n
	switch {
	case n.Kind == yamlfile.Sequence:
		out.Items = make([]*yamlfile.Node, len(n.Items))
		for i, item := range n.Items {
			out.Items[i] = each(item, change)
		}
	case isStep(n):
		return change(n)
	case n.Kind == yamlfile.Mapping:
		out.Pairs = slices.Clone(n.Pairs)
		for i, p := range n.Pairs {
			if slices.Contains(sections, p.Key) {
				out.Pairs[i].Value = each(p.Value, change)
			}
		}
	}
	return &out
}

// overrides gives the expectations of overrides what all have: they stand in place
// of whole ones.
func (c *composer) overrides(expect *yamlfile.Node) {
	change := func(p yamlfile.Pair) yamlfile.Pair {
		if p.Key == Expect {
			p.Value = expectOf(expect, p.Value)
		}
		return p
	}
	for i, p := range c.root.Pairs {
		if p.Key == "overrides" {
			c.root.Pairs[i].Value = inside(p.Value, func(target yamlfile.Pair) yamlfile.Pair {
				target.Value = inside(target.Value, func(part yamlfile.Pair) yamlfile.Pair {
					if part.Key == Steps {
						part.Value = inside(part.Value, func(step yamlfile.Pair) yamlfile.Pair {
							step.Value = inside(step.Value, change)
							return step
						})
					}
					return part
				})
				return target
			})
		}
	}
}

// inside is a mapping with each of its pairs changed.
func inside(n *yamlfile.Node, change func(yamlfile.Pair) yamlfile.Pair) *yamlfile.Node {
	out := *n
	out.Pairs = slices.Clone(n.Pairs)
	for i, p := range out.Pairs {
		out.Pairs[i] = change(p)
	}
	return &out
}

// withoutKeys are pairs but for those of some keys.
func withoutKeys(pairs []yamlfile.Pair, keys ...string) []yamlfile.Pair {
	return slices.DeleteFunc(slices.Clone(pairs), func(p yamlfile.Pair) bool { return slices.Contains(keys, p.Key) })
}

// sameHeader compares names as HTTP does.
func sameHeader(a, b string) bool { return strings.EqualFold(a, b) }
