package script

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"taskbench/internal/captured"
	"taskbench/scenarios"
)

// step writes one step: what it asks, and how its answer is judged.
func (g *generator) step(b *strings.Builder, step *scenarios.Step) {
	g.each = step.Control.Each
	ask := g.ask(step)
	judge, unmet := g.judge(step)
	fmt.Fprintf(b, "\n// %s\nconst %s = {\n  name: %s,\n", comment(g.caption(step)), g.names[step], quote(step.Name))
	b.WriteString(g.control(step, unmet) + g.think(step))
	fmt.Fprintf(b, "  ask() {\n%s  },\n  judge(answer) {\n%s  },\n};\n", ask, judge)
}

// caption names a step for the reader.
func (g *generator) caption(step *scenarios.Step) string {
	for i := range g.s.Setup {
		if &g.s.Setup[i] == step {
			return fmt.Sprintf("setup step %d of %d, %s: %s %s", i+1, len(g.s.Setup), step.Name, step.Method, step.Path)
		}
	}
	for i := range g.s.Steps {
		if &g.s.Steps[i] == step {
			return fmt.Sprintf("step %d of %d, %s: %s %s", i+1, len(g.s.Steps), step.Name, step.Method, step.Path)
		}
	}
	return step.Name
}

// ask writes the body of the function that builds a step's request. What is drawn is
// drawn in the order of wrk's scripts: the body, the path, the headers.
func (g *generator) ask(step *scenarios.Step) string {
	var b strings.Builder
	body, fixed := g.body(step)
	if body != "" && !fixed {
		fmt.Fprintf(&b, "    const body = %s;\n", body)
	}
	fmt.Fprintf(&b, "    return {\n      method: %s,\n      path: %s,\n      headers: {", quote(step.Method), g.path(step))
	headers := g.headers(step)
	if len(headers) > 0 {
		b.WriteString("\n        " + strings.Join(headers, "\n        ") + "\n      ")
	}
	b.WriteString("},\n")
	switch {
	case body != "" && fixed:
		fmt.Fprintf(&b, "      body: %s,\n", body)
	case body != "":
		b.WriteString("      body,\n")
	}
	b.WriteString("    };\n")
	return b.String()
}

// path is the path of a step as an expression: behind that of the target's URL, unless the
// server itself said where to go.
func (g *generator) path(step *scenarios.Step) string {
	text := g.text(step.Path, scenarios.EscapeNone)
	if len(step.Path) > 0 && step.Path[0].Ref != nil {
		for _, ref := range step.Path[:1].Refs() {
			if ref.Kind == scenarios.RefCapture {
				return text
			}
		}
	}
	if literal, ok := step.Path.Constant(); ok {
		return "`${BASE}" + inTemplate(literal) + "`"
	}
	return "`${BASE}" + text[1:]
}

// headers are those of a step, a line each.
func (g *generator) headers(step *scenarios.Step) []string {
	var out []string
	for _, h := range step.Headers {
		out = append(out, key(h.Name)+": "+g.text(h.Value, captured.Header)+",")
	}
	if step.Body.ContentType != "" && !hasHeader(step, "Content-Type") {
		out = append(out, key("Content-Type")+": "+quote(step.Body.ContentType)+",")
	}
	return out
}

func hasHeader(step *scenarios.Step, name string) bool {
	for _, h := range step.Headers {
		if strings.EqualFold(h.Name, name) {
			return true
		}
	}
	return false
}

// body is a step's body as an expression, and whether that is the same every time; ""
// where there is none.
func (g *generator) body(step *scenarios.Step) (expr string, fixed bool) {
	content := step.Body.Content
	literal, fixed := content.Constant()
	switch {
	case step.Body.Kind == scenarios.NoBody:
		return "", true
	case isText(content):
		return g.text(content, scenarios.EscapeNone), fixed
	case fixed:
		return g.bytes(step, literal), true
	}
	parts := make([]string, len(content))
	for i, p := range content {
		if p.Ref == nil && !utf8.ValidString(p.Literal) {
			parts[i] = g.bytes(step, p.Literal)
			continue
		}
		parts[i] = g.text(content[i:i+1], scenarios.EscapeNone)
	}
	g.uses("bytes")
	return "bytes([" + strings.Join(parts, ", ") + "])", false
}

// isText reports whether all that is written in a template is text.
func isText(t scenarios.Template) bool {
	for _, p := range t {
		if !utf8.ValidString(p.Literal) {
			return false
		}
	}
	return true
}

// bytes defines what is no text, and gives its name.
func (g *generator) bytes(step *scenarios.Step, raw string) string {
	g.uses("base64")
	name := fmt.Sprintf("%s$bytes%d", g.names[step], len(g.fixed)+1)
	g.fixed = append(g.fixed, fmt.Sprintf("const %s = encoding.b64decode('%s');\n", name, base64.StdEncoding.EncodeToString([]byte(raw))))
	return name
}

// think writes the pause behind a measured step.
func (g *generator) think(step *scenarios.Step) string {
	for i := range g.s.Steps {
		if &g.s.Steps[i] != step {
			continue
		}
		think := g.s.ThinkAfter(step)
		if think.Mean <= 0 {
			return ""
		}
		draw := think.Distribution
		if draw == "" {
			draw = scenarios.Fixed
		}
		g.uses("think")
		return fmt.Sprintf("  think: { ms: %g, draw: %s },\n", float64(think.Mean.Microseconds())/1000, quote(string(draw)))
	}
	return ""
}
