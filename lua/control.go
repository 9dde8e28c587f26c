package lua

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"taskbench/internal/captured"
	"taskbench/scenarios"
)

// controlled reports whether a scenario has steps that are sent more than once,
// or not at all. Scripts of others have nothing of it.
func controlled(s *scenarios.Scenario) bool {
	return len(s.Journeys) > 0 || slices.ContainsFunc(slices.Concat(s.Setup, s.Steps), func(step scenarios.Step) bool { return isControlled(&step) })
}

func isControlled(step *scenarios.Step) bool { return step.Control != scenarios.Control{} }

// conditions are those of a step.
func conditions(c scenarios.Control) []*scenarios.Condition {
	var out []*scenarios.Condition
	if c.If != nil {
		out = append(out, c.If)
	}
	if c.Repeat != nil && c.Repeat.Values != nil {
		out = append(out, c.Repeat.Values)
	}
	return out
}

// findOptional learns which captures may find nothing: those that a condition asks
// for.
func (g *generator) findOptional() {
	for _, step := range g.everyStep() {
		g.newBlock(false)
		g.each = step.Control.Each
		for _, c := range conditions(step.Control) {
			if c.Op == scenarios.Exists || c.Op == scenarios.Absent {
				g.maybe[c.Left[0].Ref.Name] = true
			}
			g.condition(c) // and how they are used
		}
	}
}

// condition is a condition as an expression.
func (g *generator) condition(c *scenarios.Condition) string {
	switch c.Op {
	case scenarios.Exists, scenarios.Absent:
		op := map[scenarios.Op]string{scenarios.Exists: "==", scenarios.Absent: "~="}[c.Op]
		return field("there", c.Left[0].Ref.Name) + " " + op + ` "yes"`
	case "==", "!=":
		return g.text(c.Left) + " " + strings.Replace(string(c.Op), "!", "~", 1) + " " + g.text(c.Right)
	}
	return "number_of(" + g.text(c.Left) + ") " + string(c.Op) + " number_of(" + g.text(c.Right) + ")"
}

// text is a template as an expression that is text.
func (g *generator) text(t scenarios.Template) string {
	terms := []string{`""`}
	for _, p := range g.parts(t, scenarios.EscapeNone) {
		switch {
		case p.expr != "":
			terms = append(terms, p.expr)
		case p.text != "":
			terms = append(terms, quote(p.text))
		}
	}
	if len(terms) == 2 && terms[1][0] == '"' {
		return terms[1]
	}
	return "(" + strings.Join(terms, " .. ") + ")"
}

// ends writes what until and while ask of an answer: the captures of the one that
// meets it are needed, and those of others taken where they are there.
func (j *judgement) ends(r *scenarios.Repeat) {
	if r == nil || r.Answer == nil {
		return
	}
	inner := &judgement{g: j.g, fails: "return false"}
	if len(r.Answer.Statuses) > 0 || r.Answer.StatusOf != nil {
		fmt.Fprintf(&inner.b, "    if %s then return false end\n", inner.wrongStatus(*r.Answer))
	}
	inner.expect(*r.Answer)
	if j.err == nil {
		j.err = inner.err
	}
	name := j.g.local("meets", "function(status, headers, body)\n"+inner.b.String()+"    return true\n  end")
	fmt.Fprintf(&j.b, "    met = %s(status, headers, body)\n", name)
	j.least = "met"
}

// needed is what stands before a condition that only holds where captures are needed.
func (j *judgement) needed() string {
	if j.least == "" {
		return ""
	}
	return j.least + " and "
}

// nameControl numbers what may be unmet by a step that is sent more than once.
func (j *judgement) nameControl(c scenarios.Control) {
	if c.Repeat != nil && c.Repeat.Kind != scenarios.Count {
		j.number(neverMet(c.Repeat))
	}
	if c.Redirects > 0 {
		j.number(astray(c))
	}
}

// neverMet is what is unmet where as many answers as may be were not what ends a step.
func neverMet(r *scenarios.Repeat) string { return fmt.Sprintf("%s, in %d answers", r.Kind, r.Times) }

// astray is what is unmet where the last redirect that is followed leads to one more, or nowhere.
func astray(c scenarios.Control) string {
	return fmt.Sprintf("redirects: at most %d, to this server", c.Redirects)
}

// control writes how a step is sent, where that is not once.
func (g *generator) control(k int, step *scenarios.Step, unmet []string) string {
	c := step.Control
	if !isControlled(step) {
		return ""
	}
	number := func(name string) int { return slices.Index(unmet, name) + 1 }
	fields := []string{fmt.Sprintf("slot = PASSES + %d", g.passes)}
	g.passes += 2
	add := func(format string, args ...any) { fields = append(fields, fmt.Sprintf(format, args...)) }
	wait := func(name string, d time.Duration) {
		if d > 0 {
			g.uses("control_wait")
			if g.o.Slots > 0 {
				g.uses("random") // pauses in slots are rounded at random
			}
			add("%s = %d", name, max(1, d.Milliseconds()))
		}
	}
	if c.If != nil {
		add("when = function() return %s end", g.condition(c.If))
	}
	if c.Each != nil {
		add("list = function() return %s(%s) end", field("each_of", c.Each.List), field(captured.Table(captured.Elements), c.Each.List))
		if c.Each.Max > 0 {
			add("most = %d", c.Each.Max)
		}
		wait("each_wait", c.Each.Wait)
	}
	if r := c.Repeat; r != nil {
		add("ends = %s, times = %d, endless = %d", quote(string(r.Kind)), r.Times, number(neverMet(r)))
		if r.Values != nil {
			add("met = function() return %s end", g.condition(r.Values))
		}
		wait("wait", r.Wait)
	}
	if r := c.Retry; r != nil {
		add("tries = %d, busy = function(status) return not (%s) end", r.Times, wrongStatus(r.On))
		wait("retry_wait", r.Wait)
		if r.Wait == 0 {
			add("retry_wait = 0")
		}
	}
	if c.Redirects > 0 {
		g.uses("header")
		g.uses("control_redirects")
		add("redirects = %d, astray = %d", c.Redirects, number(astray(c)))
	}
	return fmt.Sprintf("  controlled(%d, {\n    %s,\n  })\n", k, strings.Join(fields, ",\n    "))
}

// waits reports whether a step pauses in its own ways.
func waits(step *scenarios.Step) bool {
	c := step.Control
	return c.Each != nil && c.Each.Wait > 0 || c.Repeat != nil && c.Repeat.Wait > 0 || c.Retry != nil && c.Retry.Wait > 0
}

// iterations names the parts of the runtime by which iterations go on.
func (g *generator) iterations() []string {
	machine := "flow"
	if g.s.Mode == scenarios.Mix {
		machine = "mix"
	}
	switch {
	case !controlled(g.s):
		return []string{machine}
	case len(g.s.Journeys) > 0:
		return []string{"control", "journeys", "journeys_count", "control_mix"}
	case machine == "mix":
		return []string{"control", "journeys_none", "control_mix"}
	}
	return []string{"control", "control_flow"}
}

// ifControlled copies a part that only scripts with such steps have.
func (g *generator) ifControlled(b *strings.Builder, name string) {
	if controlled(g.s) {
		g.runtime(b, name)
	}
}

// controlUsers writes what becomes of the answers of such steps.
func (g *generator) controlUsers(b *strings.Builder) {
	g.ifControlled(b, "control_users")
	if len(g.s.Journeys) > 0 {
		g.runtime(b, "journeys_users")
	}
	if g.o.Slots > 0 {
		g.ifControlled(b, "control_slots")
	}
}

// controlSteps writes how such steps are sent.
func (g *generator) controlSteps(b *strings.Builder) {
	if !controlled(g.s) {
		return
	}
	for _, name := range []string{"control_wait", "control_redirects"} {
		if g.needs[name] {
			g.runtime(b, name)
		}
	}
	g.runtime(b, "control_steps")
	g.writeLists(b)
}

// writeForget writes what is not known any more when an iteration begins: captures
// of measured steps that may find nothing, or are made by steps that are not always
// sent.
func (g *generator) writeForget(b *strings.Builder) {
	var lines []string
	for i := range g.s.Steps {
		step := &g.s.Steps[i]
		for _, c := range step.Captures {
			if g.maybe[c.Name] {
				lines = append(lines, fmt.Sprintf("  %s = \"\"\n", field("there", c.Name)))
			}
			if !step.Sure() || g.maybe[c.Name] {
				for _, e := range g.stored[c.Name] {
					empty := `""`
					if e == captured.Elements {
						empty = `"[]"`
					}
					lines = append(lines, fmt.Sprintf("  %s = %s\n", field(captured.Table(e), c.Name), empty))
				}
			}
		}
	}
	slices.Sort(lines)
	if lines = slices.Compact(lines); len(lines) > 0 {
		b.WriteString("\nforget[#forget + 1] = function()\n" + strings.Join(lines, "") + "end\n")
	}
}
