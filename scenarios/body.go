package scenarios

import (
	"math"
	"path"
	"strconv"
	"strings"

	"taskbench/internal/template"
	"taskbench/internal/yamlfile"
)

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
func (b *builder) body(found []yamlfile.Pair, headers []Header) Body {
	if len(found) == 0 {
		return Body{}
	}
	for _, extra := range found[1:] {
		b.Fail(extra.Pos, "keep one of "+strings.Join(bodyKeys, ", "), "a step has one body: %s stands beside %s", extra.Key, found[0].Key)
	}
	n := found[0].Value
	var out Body
	switch found[0].Key {
	case "json":
		out = Body{Kind: JSONBody, ContentType: "application/json", Content: b.json(n)}
	case "form":
		out = Body{Kind: FormBody, ContentType: "application/x-www-form-urlencoded", Content: b.form(n)}
	case "graphql":
		out = Body{Kind: GraphQLBody, ContentType: "application/json", Content: b.graphQL(n)}
	case "multipart":
		out = Body{Kind: MultipartBody}
		out.Content, out.ContentType = b.multipart(n)
		if at := findHeader(headers, "Content-Type"); at >= 0 {
			b.Fail(n.Pos, "leave the header out", "Content-Type of a multipart body follows from it: it names what stands between the parts")
		}
	case "body":
		out = Body{Kind: RawBody, Content: b.template(b.Str(n, "body"), n.Pos, asPlain)}
	case "body_file":
		name := b.Str(n, "body_file")
		out = Body{Kind: RawBody, ContentType: contentTypes[path.Ext(name)], Content: b.bodyFile("body_file", name, n)}
	}
	if findHeader(headers, "Content-Type") >= 0 {
		out.ContentType = ""
	}
	return out
}

// json renders YAML as compact JSON, keys in file order.
func (b *builder) json(n *yamlfile.Node) Template {
	switch n.Kind {
	case yamlfile.Mapping:
		out := Template{{Literal: "{"}}
		for i, p := range n.Pairs {
			if i > 0 {
				out = out.Add(Part{Literal: ","})
			}
			out = out.Add(Part{Literal: `"`}).Add(b.template(p.Key, p.Pos, asJSON)...)
			out = out.Add(Part{Literal: `":`}).Add(b.json(p.Value)...)
		}
		return out.Add(Part{Literal: "}"})
	case yamlfile.Sequence:
		out := Template{{Literal: "["}}
		for i, item := range n.Items {
			if i > 0 {
				out = out.Add(Part{Literal: ","})
			}
			out = out.Add(b.json(item)...)
		}
		return out.Add(Part{Literal: "]"})
	}
	if !b.Clear(n) {
		return nil
	}
	if text, isText := n.Value.(string); isText {
		return b.jsonText(text, n.Pos)
	}
	literal, ok := jsonScalar(n)
	if !ok {
		b.Fail(n.Pos, "put it in quotes to send it as text", "JSON has no %s", n.Text)
	}
	return Template{{Literal: literal}}
}

// form renders a mapping as name=value pairs; a list repeats its name.
func (b *builder) form(n *yamlfile.Node) Template {
	if !b.Want(n, yamlfile.Mapping, "form") {
		return nil
	}
	var out Template
	for _, p := range n.Pairs {
		values := []*yamlfile.Node{p.Value}
		if p.Value.Kind == yamlfile.Sequence {
			values = p.Value.Items
		}
		for _, value := range values {
			if len(out) > 0 {
				out = out.Add(Part{Literal: "&"})
			}
			out = out.Add(b.template(p.Key, p.Pos, asForm)...).Add(Part{Literal: "="})
			if value.IsNull() {
				continue
			}
			out = out.Add(b.template(b.Str(value, "form field "+p.Key), value.Pos, asForm)...)
		}
	}
	return out
}

// bodyFile is a file's bytes, sent as they are: references in it mean nothing.
func (b *builder) bodyFile(what, name string, n *yamlfile.Node) Template {
	if name == "" {
		return nil
	}
	data, err := b.open(name, maxBody)
	if err != nil {
		b.Fail(n.Pos, openHint(err), "cannot read %s %q: %w", what, name, cause(err))
		return nil
	}
	return Template{}.Add(Part{Literal: string(data)})
}

// jsonScalar is a YAML scalar as JSON text; false when JSON cannot say it
// (infinities, not-a-number). Numbers that are JSON already stay as written.
func jsonScalar(n *yamlfile.Node) (string, bool) {
	switch v := n.Value.(type) {
	case nil:
		return "null", true
	case bool:
		return strconv.FormatBool(v), true
	case string:
		return `"` + template.JSONContent(v) + `"`, true
	case int64:
		if n.IsJSONNumber() {
			return n.Text, true
		}
		return strconv.FormatInt(v, 10), true
	case float64:
		if n.IsJSONNumber() {
			return n.Text, true
		}
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return "", false
		}
		return strconv.FormatFloat(v, 'g', -1, 64), true
	}
	return "", false
}
