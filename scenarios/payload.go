package scenarios

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strings"

	"taskbench/internal/source"
	"taskbench/internal/template"
	"taskbench/internal/yamlfile"
)

// graphQLFields are those of a GraphQL request.
func (b *builder) graphQLFields() []field {
	return []field{
		{"query", "The query or mutation.", text, false, nil},
		{"query_file", "A file that has it, relative to the scenario's folder.", text, false, nil},
		{"variables", "Its variables, as json is written.", anything, false, nil},
		{"operation", "Which operation of the query is meant, where it has several.", text, false, nil},
	}
}

// graphQL renders a request as GraphQL is sent over HTTP.
func (b *builder) graphQL(n *yamlfile.Node) Template {
	b.fields(n, "graphql", b.graphQLFields())
	if n.Kind != yamlfile.Mapping {
		return nil
	}
	query, file := n.Get("query"), n.Get("query_file")
	out := Template{{Literal: `{"query":"`}}
	switch {
	case query != nil && file != nil:
		b.Fail(file.Pos, "keep one", "query_file stands beside query")
	case query != nil:
		out = out.Add(b.template(b.Str(query, "query"), query.Pos, asJSON)...)
	case file != nil:
		text, _ := b.bodyFile("query_file", b.Str(file, "query_file"), file).Constant()
		out = out.Add(Part{Literal: template.JSONContent(text)})
	default:
		b.Fail(n.Pos, "add query: \"{ items { id } }\", or query_file: items.graphql", "graphql needs a query")
	}
	out = out.Add(Part{Literal: `"`})
	if operation := n.Get("operation"); operation != nil {
		out = out.Add(Part{Literal: `,"operationName":"`}).Add(b.template(b.Str(operation, "operation"), operation.Pos, asJSON)...).Add(Part{Literal: `"`})
	}
	if variables := n.Get("variables"); variables != nil {
		out = out.Add(Part{Literal: `,"variables":`}).Add(b.json(variables)...)
	}
	return out.Add(Part{Literal: "}"})
}

// withoutErrors expects what a good answer to GraphQL is: errors come with status
// 200. Whoever expects something of errors decides it alone.
func (e *Expect) withoutErrors(pos source.Position) {
	ofErrors := func(m JSONMatch) bool { return len(m.Path) > 0 && m.Path[0] == "errors" }
	if !slices.ContainsFunc(e.JSON, ofErrors) {
		e.JSON = append(e.JSON, JSONMatch{Label: "errors", Path: JSONPath{"errors"}, Match: Match{Kind: MatchAbsent, Pos: pos}})
	}
}

// partFields are those of a part of a multipart body.
func (b *builder) partFields() []field {
	return []field{
		{"file", "A file that is sent byte for byte, relative to the scenario's folder.", text, false, nil},
		{"value", "Text that is sent.", text, false, nil},
		{"filename", "What the file is called; its own name when left out.", text, false, nil},
		{"type", "Content-Type of the part; by the file's ending when left out.", text, false, nil},
	}
}

// multipart renders parts by their names, as browsers send forms with files. A list
// repeats its name.
func (b *builder) multipart(n *yamlfile.Node) (content Template, contentType string) {
	if !b.Want(n, yamlfile.Mapping, "multipart") {
		return nil, ""
	}
	var heads []string
	var bodies []Template
	for _, p := range n.Pairs {
		values := []*yamlfile.Node{p.Value}
		if p.Value.Kind == yamlfile.Sequence {
			values = p.Value.Items
		}
		for _, value := range values {
			head, body := b.part(p.Key, value)
			heads, bodies = append(heads, head), append(bodies, body)
		}
	}
	if len(heads) == 0 {
		b.Fail(n.Pos, "add a part: {title: chair, photo: {file: chair.png}}", "multipart has no parts")
	}
	boundary := boundaryOf(heads, bodies)
	for i := range heads {
		content = content.Add(Part{Literal: "--" + boundary + "\r\n" + heads[i] + "\r\n"}).Add(bodies[i]...).Add(Part{Literal: "\r\n"})
	}
	return content.Add(Part{Literal: "--" + boundary + "--\r\n"}), "multipart/form-data; boundary=" + boundary
}

// boundaryOf is a line that none of the parts has: it is made of them all.
func boundaryOf(heads []string, bodies []Template) string {
	sum := sha256.New()
	for i := range heads {
		sum.Write([]byte(heads[i]))
		sum.Write([]byte(bodies[i].String()))
	}
	return "taskbench-" + hex.EncodeToString(sum.Sum(nil)[:16])
}

// part is the head of one part, and what it holds.
func (b *builder) part(name string, n *yamlfile.Node) (head string, body Template) {
	disposition := `Content-Disposition: form-data; name="` + quotedName(name) + `"`
	if n.Kind == yamlfile.Scalar {
		if n.IsNull() {
			return disposition + "\r\n", nil
		}
		return disposition + "\r\n", b.template(b.Str(n, "part "+name), n.Pos, asPlain)
	}
	b.fields(n, "part "+name, b.partFields())
	fixed := func(key string) string {
		v := n.Get(key)
		if v == nil {
			return ""
		}
		text, _ := b.fixed(b.Str(v, key), v.Pos, "the head of a part", "it may hold vars only")
		if strings.ContainsAny(text, "\r\n\x00") {
			b.Fail(v.Pos, "write it on one line", "%s cannot hold a line end", key)
		}
		return text
	}
	file, value := n.Get("file"), n.Get("value")
	filename, kind := fixed("filename"), fixed("type")
	switch {
	case file != nil && value != nil:
		b.Fail(value.Pos, "keep one", "value stands beside file")
	case file != nil:
		name := b.Str(file, "file")
		body = b.bodyFile("file", name, file)
		if filename == "" {
			filename = path.Base(name)
		}
		if kind == "" {
			kind = partType(name)
		}
	case value != nil:
		body = b.template(b.Str(value, "value"), value.Pos, asPlain)
	case n.Kind == yamlfile.Mapping:
		b.Fail(n.Pos, "write it like {file: chair.png} or {value: text, type: text/plain}", "part %s is neither a file nor a value", name)
	}
	if filename != "" {
		disposition += `; filename="` + quotedName(filename) + `"`
	}
	if kind != "" {
		disposition += "\r\nContent-Type: " + kind
	}
	return disposition + "\r\n", body
}

// quotedName is a name as browsers write it in the head of a part.
func quotedName(name string) string {
	return strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22").Replace(name)
}

// partTypes are what files within a multipart body are sent as, beside contentTypes.
var partTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml",
	".pdf": "application/pdf", ".zip": "application/zip", ".gz": "application/gzip", ".mp4": "video/mp4", ".mp3": "audio/mpeg",
}

func partType(name string) string {
	ext := strings.ToLower(path.Ext(name))
	switch {
	case partTypes[ext] != "":
		return partTypes[ext]
	case contentTypes[ext] != "":
		return contentTypes[ext]
	}
	return "application/octet-stream"
}
