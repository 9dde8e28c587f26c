package lua

import (
	"fmt"
	"strconv"
	"strings"

	"taskbench/internal/captured"
	"taskbench/scenarios"
)

// mostLocals is how many locals a step's block may have before they become
// fields of one table: far below Lua's 200 locals and 60 upvalues.
const mostLocals = 40

// local defines a value of the current step that is known when the script
// loads, and gives the name it goes by.
func (g *generator) local(stem, value string) string {
	g.names[stem]++
	name := stem
	if n := g.names[stem]; n > 1 {
		name = stem + "_" + strconv.Itoa(n)
	}
	if g.inTable {
		name = "fixed." + name
		g.locals = append(g.locals, name+" = "+value)
	} else {
		g.locals = append(g.locals, "local "+name+" = "+value)
	}
	return name
}

// newBlock forgets the locals of the step before.
func (g *generator) newBlock(inTable bool) {
	g.locals, g.names, g.inTable = nil, map[string]int{}, inTable
}

// step writes the block of one step and says how many kinds of unmet
// expectations it counts.
func (g *generator) step(k int, step *scenarios.Step) (int, error) {
	g.newBlock(false)
	g.request(step)
	if _, _, err := g.judge(step); err != nil {
		return 0, err
	}
	g.newBlock(g.crowded || len(g.locals) > mostLocals)
	request := g.request(step)
	judge, unmet, err := g.judge(step)
	if err != nil {
		return 0, err
	}
	control := g.control(k, step, unmet) + g.jar(k, step)
	if !g.inTable {
		g.widest = max(g.widest, len(g.locals))
	}
	b := &g.steps
	fmt.Fprintf(b, "\n-- %s\n", comment(g.caption(k, step)))
	names := make([]string, len(unmet))
	for i, name := range unmet {
		names[i] = quote(name)
	}
	fmt.Fprintf(b, "step(%d, %s, { %s })\ndo\n", k, quote(step.Name), strings.Join(names, ", "))
	if g.inTable {
		b.WriteString("  local fixed = {} -- more than a function may refer to one by one\n")
	}
	for _, definition := range g.locals {
		b.WriteString("  " + definition + "\n")
	}
	fmt.Fprintf(b, "  ask[%d] = function()\n%s  end\n", k, request)
	if !g.unjudged {
		fmt.Fprintf(b, "  judge[%d] = function(status, headers, body)\n%s  end\n", k, judge)
	}
	b.WriteString(control + "end\n")
	return len(unmet) + 1, nil
}

// jar has the step send what is in the jar of cookies, and fill it.
func (g *generator) jar(k int, step *scenarios.Step) string {
	if !g.s.Cookies {
		return ""
	}
	for _, part := range []string{"header", "head", "jar"} {
		g.uses(part)
	}
	for _, h := range step.Headers {
		if strings.EqualFold(h.Name, "Cookie") {
			return fmt.Sprintf("  keeps_cookies(%d, %s)\n", k, quote("\r\n"+h.Name+": "))
		}
	}
	return fmt.Sprintf("  keeps_cookies(%d)\n", k)
}

// caption names a step for the reader.
func (g *generator) caption(k int, step *scenarios.Step) string {
	kind, of := "step", len(g.s.Steps)
	if k <= len(g.s.Setup) {
		kind, of = "setup step", len(g.s.Setup)
	} else {
		k -= len(g.s.Setup)
	}
	return fmt.Sprintf("%s %d of %d, %s: %s %s", kind, k, of, step.Name, step.Method, step.Path)
}

// request writes the body of the function that builds a step's request.
// Everything constant is cut at the variables and joined when the script
// loads.
func (g *generator) request(step *scenarios.Step) string {
	g.each = step.Control.Each
	body := g.parts(step.Body.Content, scenarios.EscapeNone)
	dynamic := false
	length := 0
	for _, p := range body {
		dynamic = dynamic || p.expr != ""
		length += len(p.text)
	}
	head := g.head(step)
	if !dynamic {
		if step.Body.Kind != scenarios.NoBody || sendsBody(step.Method) {
			head = append(head, part{text: "Content-Length: " + strconv.Itoa(length) + "\r\n"})
		}
		head = append(append(head, part{text: "\r\n"}), body...)
		return g.returns(head)
	}
	operands := g.operands("body_part", body)
	head = append(head, part{text: "Content-Length: "}, part{expr: "#body"}, part{text: "\r\n\r\n"}, part{expr: "body"})
	return concat("body", operands) + g.returns(head)
}

// sendsBody reports whether a request of this method without a body must say
// so with a length of 0 (RFC 9110, section 8.6).
func sendsBody(method string) bool {
	return method == "POST" || method == "PUT" || method == "PATCH"
}

// head is the request line and the headers, without Content-Length and the
// empty line.
func (g *generator) head(step *scenarios.Step) []part {
	out := []part{{text: step.Method + " " + g.base(step)}}
	out = append(out, g.parts(step.Path, scenarios.EscapeNone)...)
	out = append(out, part{text: " HTTP/1.1\r\n"})
	if !hasHeader(step, "Host") {
		out = append(out, part{text: "Host: "}, part{expr: "HOST", onLoad: true}, part{text: "\r\n"})
	}
	for _, h := range step.Headers {
		out = append(out, part{text: h.Name + ": "})
		out = append(out, g.parts(h.Value, captured.Header)...)
		out = append(out, part{text: "\r\n"})
	}
	if step.Body.ContentType != "" && !hasHeader(step, "Content-Type") {
		out = append(out, part{text: "Content-Type: " + step.Body.ContentType + "\r\n"})
	}
	return out
}

// base is what stands before a step's path: the path of the target's URL, unless
// the server itself said where to go.
func (g *generator) base(step *scenarios.Step) string {
	if len(step.Path) > 0 && step.Path[0].Ref != nil {
		for _, ref := range step.Path[:1].Refs() {
			if ref.Kind == scenarios.RefCapture {
				return ""
			}
		}
	}
	return basePath(g.o.URL)
}

func hasHeader(step *scenarios.Step, name string) bool {
	for _, h := range step.Headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

// returns writes the statements that give wrk the request.
func (g *generator) returns(parts []part) string {
	operands := g.operands("head", parts)
	if len(operands) == 1 {
		return "    return " + operands[0] + "\n"
	}
	if len(operands) <= 100 {
		return "    return " + strings.Join(operands, " .. ") + "\n"
	}
	return concat("text", operands) + "    return text\n"
}

// operands merges what is known when the script loads into locals and leaves
// the expressions between them.
func (g *generator) operands(stem string, parts []part) []string {
	var out []string
	var known []part
	flush := func() {
		if len(known) > 0 {
			out = append(out, g.local(stem, literal(known)))
			known = nil
		}
	}
	for _, p := range parts {
		if p.expr == "" || p.onLoad {
			if p.expr != "" || p.text != "" {
				known = append(known, p)
			}
			continue
		}
		flush()
		out = append(out, p.expr)
	}
	flush()
	return out
}

// mostTerms is how many terms a literal has before its line ends are no longer
// written as EOL: joining takes a register a term, and there are about 200.
const mostTerms = 80

// literal joins pieces, one header line a line of Lua.
func literal(parts []part) string {
	var terms []string // "" begins a new line
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			terms = append(terms, quote(text.String()))
			text.Reset()
		}
	}
	for _, p := range parts {
		if p.expr != "" {
			flush()
			terms = append(terms, p.expr)
			continue
		}
		rest := p.text
		for {
			line, after, found := strings.Cut(rest, "\r\n")
			if found && len(terms) > mostTerms {
				text.WriteString(rest)
				break
			}
			text.WriteString(line)
			if !found {
				break
			}
			flush()
			terms = append(terms, "EOL", "")
			rest = after
		}
	}
	flush()
	return joinTerms(terms)
}

// joinTerms writes terms with .. between, breaking the line where a term is "".
func joinTerms(terms []string) string {
	var b strings.Builder
	for len(terms) > 0 && terms[len(terms)-1] == "" {
		terms = terms[:len(terms)-1]
	}
	for i, term := range terms {
		switch {
		case term == "":
			b.WriteString("\n   ")
		case i == 0:
			b.WriteString(term)
		default:
			b.WriteString(" .. " + term)
		}
	}
	return b.String()
}
