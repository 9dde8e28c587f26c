package results

import (
	"embed"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"
)

// The sources that the schema's descriptions come from: the comments a
// developer reads are the ones a user of the schema reads.
//
//go:embed document.go environment.go ledger.go memory.go microbench.go profile.go search.go
var sources embed.FS

// JSONSchema gives the JSON Schema (draft 2020-12) of Document. Keys that it
// does not name are allowed: later builds may add some without a new Schema.
func JSONSchema() ([]byte, error) {
	comments, err := documentComments()
	if err != nil {
		return nil, err
	}
	r := jsonschema.Reflector{
		Anonymous:                 true,
		ExpandedStruct:            true,
		AllowAdditionalProperties: true,
		Mapper:                    countsAreNotNegative,
		LookupComment: func(t reflect.Type, field string) string {
			return comments[strings.TrimSuffix(t.Name()+"."+field, ".")]
		},
	}
	schema := r.Reflect(&Document{})
	schema.Title = "taskbench result document"
	text, err := json.MarshalIndent(schema, "", "  ")
	return append(text, '\n'), err
}

func countsAreNotNegative(t reflect.Type) *jsonschema.Schema {
	if t.Kind() != reflect.Uint64 {
		return nil
	}
	return &jsonschema.Schema{Type: "integer", Minimum: "0"}
}

// documentComments maps Type and Type.Field to what the sources say of them.
func documentComments() (map[string]string, error) {
	comments := make(map[string]string)
	files, err := sources.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		text, err := sources.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), text, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("the schema's descriptions cannot be read: %w", err)
		}
		for _, d := range file.Decls {
			addTypeComments(comments, d)
		}
	}
	return comments, nil
}

func addTypeComments(comments map[string]string, d ast.Decl) {
	types, ok := d.(*ast.GenDecl)
	if !ok || types.Tok != token.TYPE {
		return
	}
	for _, s := range types.Specs {
		spec := s.(*ast.TypeSpec)
		comments[spec.Name.Name] = oneParagraph(types.Doc)
		addFieldComments(comments, spec)
	}
}

func addFieldComments(comments map[string]string, spec *ast.TypeSpec) {
	fields, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range fields.Fields.List {
		for _, name := range f.Names {
			comments[spec.Name.Name+"."+name.Name] = strings.TrimSpace(oneParagraph(f.Doc) + " " + oneParagraph(f.Comment))
		}
	}
}

func oneParagraph(c *ast.CommentGroup) string {
	return strings.Join(strings.Fields(c.Text()), " ")
}
