package scenarios

import "path"

// maxBody bounds a body file: it becomes part of a generated script.
const maxBody = 8 << 20

// contentTypes is what a body file is sent as, by its ending, when the step
// has no Content-Type of its own.
var contentTypes = map[string]string{
	".json": "application/json",
	".xml":  "application/xml",
	".html": "text/html; charset=utf-8",
	".txt":  "text/plain; charset=utf-8",
	".csv":  "text/csv; charset=utf-8",
}

// body reads the one body a step has.
func (b *builder) body(found []pair, headers []Header) Body {
	if len(found) == 0 {
		return Body{}
	}
	for _, extra := range found[1:] {
		b.fail(extra.pos, "keep one of json, form, body, body_file", "a step has one body: %s stands beside %s", extra.key, found[0].key)
	}
	n := found[0].value
	var out Body
	switch found[0].key {
	case "json":
		out = Body{Kind: JSONBody, ContentType: "application/json", Content: b.json(n)}
	case "form":
		out = Body{Kind: FormBody, ContentType: "application/x-www-form-urlencoded", Content: b.form(n)}
	case "body":
		out = Body{Kind: RawBody, Content: b.template(b.str(n, "body"), n.pos, asPlain)}
	case "body_file":
		name := b.str(n, "body_file")
		out = Body{Kind: RawBody, ContentType: contentTypes[path.Ext(name)], Content: b.bodyFile(name, n)}
	}
	if findHeader(headers, "Content-Type") >= 0 {
		out.ContentType = ""
	}
	return out
}

// json renders YAML as compact JSON, keys in file order.
func (b *builder) json(n *node) Template {
	switch n.kind {
	case mapping:
		out := Template{{Literal: "{"}}
		for i, p := range n.pairs {
			if i > 0 {
				out = out.add(Part{Literal: ","})
			}
			out = out.add(Part{Literal: `"`}).add(b.template(p.key, p.pos, asJSON)...)
			out = out.add(Part{Literal: `":`}).add(b.json(p.value)...)
		}
		return out.add(Part{Literal: "}"})
	case sequence:
		out := Template{{Literal: "["}}
		for i, item := range n.items {
			if i > 0 {
				out = out.add(Part{Literal: ","})
			}
			out = out.add(b.json(item)...)
		}
		return out.add(Part{Literal: "]"})
	}
	if text, isText := n.value.(string); isText {
		return b.jsonText(text, n.pos)
	}
	literal, ok := jsonScalar(n)
	if !ok {
		b.fail(n.pos, "put it in quotes to send it as text", "JSON has no %s", n.text)
	}
	return Template{{Literal: literal}}
}

// form renders a mapping as name=value pairs; a list repeats its name.
func (b *builder) form(n *node) Template {
	if !b.want(n, mapping, "form") {
		return nil
	}
	var out Template
	for _, p := range n.pairs {
		values := []*node{p.value}
		if p.value.kind == sequence {
			values = p.value.items
		}
		for _, value := range values {
			if len(out) > 0 {
				out = out.add(Part{Literal: "&"})
			}
			out = out.add(b.template(p.key, p.pos, asForm)...).add(Part{Literal: "="})
			if value.isNull() {
				continue
			}
			out = out.add(b.template(b.str(value, "form field "+p.key), value.pos, asForm)...)
		}
	}
	return out
}

// bodyFile is a file's bytes, sent as they are: references in it mean nothing.
func (b *builder) bodyFile(name string, n *node) Template {
	if name == "" {
		return nil
	}
	data, err := b.open(name)
	if err != nil {
		b.fail(n.pos, openHint(err), "cannot read body_file %q: %w", name, cause(err))
		return nil
	}
	if len(data) > maxBody {
		b.fail(n.pos, "", "body_file %q is larger than %d MiB", name, maxBody>>20)
		return nil
	}
	return Template{}.add(Part{Literal: string(data)})
}
