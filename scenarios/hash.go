package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// hash identifies what a scenario sends and expects: steps with their bodies,
// captures and expectations, data rows, think times, the timeout, and every
// target's overrides. Titles, tags, comments, positions, the order of keys and
// load levels are not in it: they change no request. Vars are in it where they
// are used.
func hash(s *Scenario) string {
	var c canon
	c.line("taskbench scenario 1", s.Mode, s.Load.Timeout, s.Load.Think.Mean, s.Load.Think.Distribution)
	for _, name := range slices.Sorted(maps.Keys(s.Data)) {
		f := s.Data[name]
		c.line("data", name, f.Pick, len(f.Rows))
		for _, target := range slices.Sorted(maps.Keys(f.where)) {
			c.line("where", target, f.where[target].From, f.where[target].To)
		}
		for _, row := range append([][]string{f.Columns}, f.Rows...) {
			c.line("row", strings.Join(quoteAll(row), " "))
		}
	}
	c.steps(s.Setup, s.Steps)
	for _, j := range s.Journeys {
		c.line("journey", j.Name, j.Weight, j.Count)
	}
	if s.SetupRules.Once {
		c.line("one virtual user's setup is for all")
		if s.OnceSteps < len(s.Setup) {
			c.line("but that behind step", s.OnceSteps)
		}
	}
	c.closing(s.After, s.Teardown)
	if s.Cookies {
		c.line("cookies")
	}
	for _, target := range slices.Sorted(maps.Keys(s.variants)) {
		c.line("target", target)
		c.variant(s.variants[target])
	}
	for _, a := range s.adaptions {
		c.line("when", a.pair.Key)
		for _, w := range a.when {
			c.line(w.step, statusWords(w.statuses))
		}
		for _, target := range slices.Sorted(maps.Keys(a.on)) {
			c.line("target", target)
			c.variant(a.on[target])
		}
	}
	sum := sha256.Sum256([]byte(c.String()))
	return hex.EncodeToString(sum[:])
}

// canon writes a scenario in one fixed form. Every text is quoted, so that no
// two scenarios have the same one.
type canon struct{ strings.Builder }

func (c *canon) line(values ...any) {
	for _, v := range values {
		fmt.Fprintf(c, "%q ", fmt.Sprint(v))
	}
	c.WriteByte('\n')
}

func quoteAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = fmt.Sprintf("%q", t)
	}
	return out
}

func (c *canon) steps(setup, steps []Step) {
	c.line("setup", len(setup), "steps", len(steps))
	for _, s := range slices.Concat(setup, steps) {
		c.step(s)
	}
}

func (c *canon) variant(v variant) {
	c.steps(v.setup, v.steps)
	c.closing(v.after, v.teardown)
}

// closing is nothing where nothing is sent behind the measurement.
func (c *canon) closing(after, teardown []Step) {
	for _, part := range [][]Step{after, teardown} {
		if len(after)+len(teardown) > 0 {
			c.line("closing", len(part))
		}
		for _, s := range part {
			c.step(s)
		}
	}
}

func (c *canon) step(s Step) {
	c.line("step", s.Name, s.Weight, s.Method)
	c.template("path", s.Path)
	c.headers(s.Headers)
	c.body(s.Body)
	c.expect(s.Expect)
	c.captures(s.Captures)
	if s.Think != nil {
		c.line("think", s.Think.Mean, s.Think.Distribution)
	}
	c.control(s.Control)
}

// control is nothing for a step that is sent once.
func (c *canon) control(x Control) {
	if x.If != nil {
		c.line("if")
		c.condition(*x.If)
	}
	if e := x.Each; e != nil {
		c.line("for each", e.List, e.Max, e.Wait)
	}
	if r := x.Repeat; r != nil {
		c.line("repeat", r.Kind, r.Times, r.Wait)
		if r.Answer != nil {
			c.expect(*r.Answer)
		}
		if r.Values != nil {
			c.condition(*r.Values)
		}
	}
	if r := x.Retry; r != nil {
		c.line("retry", r.On, r.Times, r.Wait)
	}
	if x.Redirects > 0 {
		c.line("redirects", x.Redirects)
	}
}

func (c *canon) condition(x Condition) {
	c.template("left", x.Left)
	c.line(x.Op)
	c.template("right", x.Right)
}

func (c *canon) template(what string, t Template) {
	c.line(what, len(t))
	for _, p := range t {
		if p.Ref == nil {
			c.line("literal", p.Literal)
			continue
		}
		c.line("ref", p.Ref.Kind, p.Ref.Name, p.Ref.Column, p.Ref.Escape, strings.Join(quoteAll(p.Ref.Args), " "))
		for _, of := range p.Ref.Of {
			c.template("of", of)
		}
	}
}

// headers are sorted: their order in the file means nothing to a server.
func (c *canon) headers(headers []Header) {
	sorted := slices.SortedFunc(slices.Values(headers), func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	for _, h := range sorted {
		c.template("header "+h.Name, h.Value)
	}
}

func (c *canon) body(b Body) {
	c.line("body", b.Kind, b.ContentType)
	c.template("content", b.Content)
}

func (c *canon) captures(captures []Capture) {
	for _, x := range captures {
		c.line("capture", x.Name, x.Kind, x.Source)
		if x.Match != "" || x.All || x.Item != "" {
			c.line("of it", x.Match, x.All, x.Item)
		}
	}
}

func (c *canon) expect(e Expect) {
	c.line("expect", e.Statuses)
	if e.StatusOf != nil {
		c.template("status of", Template{{Ref: e.StatusOf}})
	}
	for _, m := range e.JSON {
		c.line("json", m.Path.String())
		c.match(m.Match)
	}
	for _, m := range e.Headers {
		c.line("header", m.Name)
		c.match(m.Match)
	}
	for _, m := range e.Body {
		c.line("body")
		c.match(m)
	}
}

func (c *canon) match(m Match) {
	c.line(m.Kind, fmt.Sprintf("%T", m.Value), m.Value, m.Text)
	if m.Of != nil {
		c.template("of", m.Of)
	}
}

// canonical is one part of a step in canonical form, to compare with another.
func canonical(write func(*canon)) string {
	var c canon
	write(&c)
	return c.String()
}
