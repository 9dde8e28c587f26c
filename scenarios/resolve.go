package scenarios

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"taskbench/internal/source"
	"taskbench/internal/template"
	"taskbench/internal/yamlfile"
)

// Vars of vars double, so how often they are put in is bounded: for each place
// that names one, and for all that need more.
const (
	maxExpansions   = 10_000
	placeExpansions = 100
)

// scope is what a template may refer to at its place.
type scope struct {
	vars    map[string]*yamlfile.Node
	feeders map[string]Feeder
	made    map[string]bool // captures made before this place
	where   part            // of the scenario

	madeBefore map[string]bool   // captures of setup
	within     string            // what the names of steps begin with that this place could know
	apart      string            // what to do, as it knows no others; "": it does, from there on
	used       map[string]part   // vars, by where they are
	makers     map[string]string // capture -> the step that makes it, anywhere
	eachOf     *Step             // the step with for_each that is read, or nil
}

// encoding says how the parts of one text are escaped: what the user wrote
// there, and what is put in for a reference.
type encoding struct{ literal, inner Escape }

var (
	asPath  = encoding{EscapeNone, EscapeURL}
	asForm  = encoding{EscapeURL, EscapeURL}
	asPlain = encoding{EscapeNone, EscapeNone}
	asJSON  = encoding{EscapeJSONString, EscapeJSONString}
)

// resolver turns text into templates within a scope.
type resolver struct {
	*reader
	scope
	expanding  []string // vars being put in, to find circles
	expansions int      // so far
	allowed    int      // of them beyond maxExpansions, for the places so far
	exhausted  bool     // there were more, which is told once
}

// template resolves all references of a text.
func (v *resolver) template(text string, pos source.Position, e encoding) Template {
	var out Template
	for _, p := range v.cut(text, pos) {
		if p.isExpr {
			out = out.Add(v.expand(p, e.inner)...)
			continue
		}
		out = out.Add(Part{Literal: template.Escaped(p.literal, e.literal)})
	}
	return out
}

// jsonText is a string as a JSON value. A string that is one reference alone
// takes the type of what it refers to; any other is a JSON string.
func (v *resolver) jsonText(text string, pos source.Position) Template {
	pieces := v.cut(text, pos)
	if len(pieces) == 1 && pieces[0].isExpr {
		return v.jsonReference(pieces[0])
	}
	t := Template{{Literal: `"`}}
	t = t.Add(v.template(text, pos, asJSON)...)
	return t.Add(Part{Literal: `"`})
}

func (v *resolver) jsonReference(p piece) Template {
	if value, ok := v.vars[p.expr]; ok {
		if !v.Clear(value) {
			return nil
		}
		if text, isText := value.Value.(string); isText {
			return v.enter(p, func() Template { return v.jsonText(text, value.Pos) })
		}
		literal, _ := jsonScalar(value)
		return Template{{Literal: literal}}
	}
	parts := v.expand(p, EscapeJSONValue)
	if name, _, isCall := template.Call(p.expr); isCall && casts[name].fits != nil {
		return parts // JSON as it is, or reported
	}
	if len(parts) == 1 && parts[0].Ref != nil && parts[0].Ref.Escape.WholeJSON() {
		return parts
	}
	t := Template{{Literal: `"`}}
	return t.Add(parts...).Add(Part{Literal: `"`})
}

// enter puts in a var's own text, unless that is a circle.
func (v *resolver) enter(p piece, inside func() Template) Template {
	if slices.Contains(v.expanding, p.expr) {
		v.Fail(p.pos, "", "var %q refers to itself: %s", p.expr, strings.Join(append(v.expanding, p.expr), " -> "))
		return nil
	}
	if len(v.expanding) == 0 {
		v.allowed += placeExpansions
	}
	if v.expansions++; v.expansions > maxExpansions+v.allowed {
		if !v.exhausted {
			v.Fail(p.pos, "", "the vars refer to each other more than %d times", maxExpansions)
		}
		v.exhausted = true
		return nil
	}
	v.used[p.expr] |= v.where
	v.expanding = append(v.expanding, p.expr)
	defer func() { v.expanding = v.expanding[:len(v.expanding)-1] }()
	return inside()
}

// expand turns one ${…} into parts. It reports what cannot be resolved, and
// then gives none.
func (v *resolver) expand(p piece, e Escape) Template {
	if p.told {
		return nil
	}
	if name, args, isCall := template.Call(p.expr); isCall {
		return v.expandCall(p, name, args, e)
	}
	if value, ok := v.vars[p.expr]; ok {
		return v.expandVar(p, value, e, e)
	}
	if b, ok := builtins[p.expr]; ok {
		return v.builtin(p, b, nil, e)
	}
	if v.made[p.expr] {
		return Template{{Ref: &Ref{Kind: RefCapture, Name: p.expr, Escape: e, Pos: p.pos}}}
	}
	feeder, column, dotted := strings.Cut(p.expr, ".")
	if feeder == eachName && v.eachOf != nil {
		return Template{{Ref: &Ref{Kind: RefEach, Name: eachName, Column: column, Path: v.eachPath(column, p.pos), Escape: e, Pos: p.pos}}}
	}
	if dotted {
		return v.column(p, feeder, column, e)
	}
	v.undefined(p)
	return nil
}

// expandVar puts in a var: its text escaped as literal, references in it as inner.
func (v *resolver) expandVar(p piece, value *yamlfile.Node, literal, inner Escape) Template {
	return v.enter(p, func() Template {
		if text, isText := value.Value.(string); isText {
			return v.template(text, value.Pos, encoding{literal, inner})
		}
		return Template{}.Add(Part{Literal: template.Escaped(value.Text, literal)})
	})
}

func (v *resolver) column(p piece, name, column string, e Escape) Template {
	feeder, ok := v.feeders[name]
	switch {
	case !ok:
		v.FailWith(p.pos, func() string { return source.Allowed(name, slices.Sorted(maps.Keys(v.feeders))) }, "no data named %q for ${%s}", name, p.expr)
	case feeder.Columns == nil: // its file was not read, which is told already
	case !slices.Contains(feeder.Columns, column):
		v.FailWith(p.pos, func() string { return source.Allowed(column, feeder.named()) }, "%s has no column %q", feeder.File, column)
	default:
		ref := &Ref{Kind: RefColumn, Name: name, Column: column, Escape: e, Pos: p.pos}
		v.typed(p, ref, feeder)
		return Template{{Ref: ref}}
	}
	return nil
}

// typed gives a column that stands for a whole value of JSON the type that its file,
// or the scenario, says. Elsewhere it is text, which null is not.
func (v *resolver) typed(p piece, ref *Ref, feeder Feeder) {
	to, asked := casts[feeder.types[ref.Column]]
	column, inJSON := feeder.inJSON[ref.Column]
	switch {
	case ref.Escape != EscapeJSONValue && feeder.nulls[ref.Column] > 0:
		v.Fail(p.pos, "give each row a value; as a whole value of json, null is sent", "row %d of %s has no %s, which stands in a text here", feeder.nulls[ref.Column], feeder.File, ref.Column)
	case ref.Escape != EscapeJSONValue:
	case asked:
		ref.Escape = to.escape
		v.checkCast(p, ref, to)
	case inJSON:
		ref.Column, ref.Escape = column, EscapeJSON
	}
}

// eachName is the reference to the element that for_each is at.
const eachName = "each"

// eachPath is where a value stands within an element: nowhere but in itself for "".
func (v *resolver) eachPath(column string, pos source.Position) JSONPath {
	if column == "" {
		return nil
	}
	return (&builder{resolver: v}).jsonPath(column, pos)
}

// withCaptures has captures in scope while something is read.
func (v *resolver) withCaptures(captures []Capture, read func()) {
	before := v.made
	v.made = maps.Clone(before)
	for _, c := range captures {
		v.made[c.Name] = true
	}
	read()
	v.made = before
}

// undefined says why a name means nothing here.
func (v *resolver) undefined(p piece) {
	if p.expr == eachName {
		v.Fail(p.pos, `add for_each: "${list}" to the step`, "${each} is an element of what for_each goes through, and this step has none")
		return
	}
	maker, exists := v.makers[p.expr]
	if exists && v.apart != "" && !strings.HasPrefix(maker, v.within) {
		v.Fail(p.pos, v.apart, "${%s}, which step %q captures, is not known here", p.expr, maker)
		return
	}
	if exists {
		v.Fail(p.pos, fmt.Sprintf("use it in a step after %q", maker),
			"${%s} is used before step %q captures it", p.expr, maker)
		return
	}
	v.FailWith(p.pos, func() string {
		names := slices.Concat(slices.Sorted(maps.Keys(v.vars)), slices.Sorted(maps.Keys(v.makers)), slices.Sorted(maps.Keys(builtins)))
		return cmp.Or(source.DidYouMean(p.expr, names), "define it under vars, capture it in an earlier step, or write $${ for a literal ${")
	}, "${%s} is not defined", p.expr)
}

// piece is a stretch of template text: literal, or the inside of ${…}.
type piece struct {
	literal string
	expr    string
	isExpr  bool
	told    bool            // it is wrong, and that is reported
	pos     source.Position // of the "${"
}

// bracedTwice is what follows "${" where the brackets of two languages meet.
var bracedTwice = regexp.MustCompile(`^\{\s*([\w.-]+)\s*\}\}`)

// cut splits text at its references. pos is where the text stands in the
// file; problems are reported.
func (r *reader) cut(text string, pos source.Position) []piece {
	var out []piece
	literal := func(s string) {
		if last := len(out) - 1; last >= 0 && !out[last].isExpr {
			out[last].literal += s
		} else if s != "" {
			out = append(out, piece{literal: s})
		}
	}
	for nth := 0; ; nth++ {
		before, after, found := strings.Cut(text, "${")
		if !found {
			literal(text)
			return out
		}
		if strings.HasSuffix(before, "$") {
			literal(before[:len(before)-1] + "${")
			text = after
			continue
		}
		literal(before)
		at := r.nthRef(pos, nth)
		if m := bracedTwice.FindStringSubmatch(after); m != nil {
			r.Fail(at, "write ${"+m[1]+"}", "${%s is no reference here", m[0])
			out = append(out, piece{isExpr: true, told: true, pos: at})
			text = after[len(m[0]):]
			continue
		}
		end := template.ExprEnd(after)
		if end < 0 {
			r.Fail(at, "close it with }, or write $${ for a literal ${", "${ without its }")
			return out
		}
		out = append(out, piece{expr: strings.TrimSpace(after[:end]), isExpr: true, pos: at})
		nth += strings.Count(after[:end], "${")
		text = after[end+1:]
	}
}

// nthRef is the place of the nth "${" (from 0) at or after pos: a scalar's
// references are found in the file however the scalar is quoted or folded.
func (r *reader) nthRef(pos source.Position, nth int) source.Position {
	if pos.File != r.File || pos.Line < 1 {
		return pos
	}
	start := r.Offset(pos)
	for ; ; nth-- {
		i := bytes.Index(r.Text[start:], []byte("${"))
		if i < 0 {
			return pos
		}
		if nth == 0 {
			return r.AtOffset(start + i)
		}
		start += i + 2
	}
}
