package scenarios

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// function makes text of the values that it is given: ${base64("${user}:${pass}")}.
type function struct {
	usage string
	takes int      // values
	words []string // what may stand behind them; the first is meant where none does
	of    func(word string, values []string) string
}

var functions = map[string]function{
	"base64":      {`${base64("${user}:${pass}")}`, 1, nil, func(_ string, of []string) string { return base64.StdEncoding.EncodeToString([]byte(of[0])) }},
	"urlencode":   {"${urlencode(query)}", 1, nil, func(_ string, of []string) string { return percentEncode(of[0]) }},
	"hmac_sha256": {`${hmac_sha256(key, "${vu}:${iteration}")}`, 2, []string{"hex", "base64"}, hmacOf},
}

func hmacOf(word string, of []string) string {
	sum := hmac.New(sha256.New, []byte(of[0]))
	sum.Write([]byte(of[1]))
	if word == "base64" {
		return base64.StdEncoding.EncodeToString(sum.Sum(nil))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// function resolves ${base64(…)} and its like: at once where all that it is given
// is known.
func (v *resolver) function(p piece, name string, e Escape) Template {
	f := functions[name]
	args := givenTo(p.expr)
	word := ""
	if len(args) == f.takes+1 && slices.Contains(f.words, args[f.takes]) {
		word, args = args[f.takes], args[:f.takes]
	} else if len(f.words) > 0 {
		word = f.words[0]
	}
	if len(args) != f.takes {
		v.Fail(p.pos, "write it like "+f.usage, "%s takes %s, not %d", name, count(f.takes, "value"), len(args))
		return nil
	}
	before := len(v.Errs)
	of := make([]Template, len(args))
	known := make([]string, len(args))
	constant := true
	for i, arg := range args {
		of[i] = v.given(p, arg)
		text, ok := of[i].Constant()
		known[i], constant = text, constant && ok
	}
	if e == EscapeJSONValue {
		e = EscapeJSONString
	}
	switch {
	case len(v.Errs) > before:
		return nil
	case constant:
		return Template{{Literal: escapeText(f.of(word, known), e)}}
	}
	ref := &Ref{Kind: RefCall, Name: name, Of: of, Escape: e, Pos: p.pos}
	if word != "" {
		ref.Args = []string{word}
	}
	return Template{{Ref: ref}}
}

// given is what a function is given: text in quotes, with references in it, or
// references, several of them with colons between.
func (v *resolver) given(p piece, arg string) Template {
	pos := p.pos
	if pos.Line > 0 {
		pos.Column += len("${") // references in it are behind its own
	}
	if mark := arg[:min(1, len(arg))]; mark == `"` || mark == "'" {
		return v.template(strings.TrimSuffix(arg[1:], mark), pos, asPlain)
	}
	names := []string{arg}
	if !strings.Contains(arg, "(") {
		names = strings.Split(arg, ":")
	}
	var out Template
	for i, name := range names {
		if i > 0 {
			out = out.add(Part{Literal: ":"})
		}
		out = out.add(v.expand(piece{expr: strings.TrimSpace(name), isExpr: true, pos: p.pos}, EscapeNone)...)
	}
	return out
}

// givenTo cuts what stands in the brackets of a call at its commas, those in
// quotes and in the brackets of another call not.
func givenTo(expr string) []string {
	_, inside, _ := strings.Cut(strings.TrimSuffix(expr, ")"), "(")
	var out []string
	var quote byte
	depth, start := 0, 0
	for i := range len(inside) {
		switch c := inside[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			out = append(out, strings.TrimSpace(inside[start:i]))
			start = i + 1
		}
	}
	if last := strings.TrimSpace(inside[start:]); last != "" || len(out) > 0 {
		out = append(out, last)
	}
	return out
}

// elementWord is which element of an array is meant: 0 is the first, -1 the last.
var elementWord = regexp.MustCompile(`^(random|first|last|-?(0|[1-9][0-9]{0,6}))$`)

// element is the index, or random, that a word means; "" when it is none.
func element(word string) string {
	switch {
	case !elementWord.MatchString(word) || word == "-0":
		return ""
	case word == "first":
		return "0"
	case word == "last":
		return "-1"
	}
	return word
}

const itemUsage = "write it like ${item(ids)} for a random one, ${item(ids, first)}, ${item(ids, 2)}, ${item(ids, -1)}"

// item resolves ${item(list)}: an element of a captured array, or of one in a
// column.
func (v *resolver) item(p piece, e Escape) Template {
	args := givenTo(p.expr)
	which := "random"
	if len(args) == 2 {
		which = element(args[1])
	}
	if len(args) == 0 || len(args) > 2 || which == "" {
		v.Fail(p.pos, itemUsage, "item takes an array and which of its elements: ${%s}", p.expr)
		return nil
	}
	list := v.expand(piece{expr: args[0], isExpr: true, pos: p.pos}, EscapeNone)
	switch {
	case len(list) == 0:
		return nil
	case len(list) > 1 || list[0].Ref == nil || list[0].Ref.Kind != RefCapture && list[0].Ref.Kind != RefColumn:
		v.Fail(p.pos, "${pick(a,b,c)} is one of several words", "item takes an element of a captured array or of a column, and %q is neither", args[0])
		return nil
	}
	if list[0].Ref.Kind == RefColumn {
		v.checkLists(p, list[0].Ref, which)
	}
	return Template{{Ref: &Ref{Kind: RefCall, Name: "item", Of: []Template{list}, Args: []string{which}, Escape: e, Pos: p.pos}}}
}

// checkLists reports the first row that has no such element.
func (v *resolver) checkLists(p piece, ref *Ref, which string) {
	feeder := v.feeders[ref.Name]
	column := slices.Index(feeder.Columns, ref.Column)
	for i, row := range feeder.Rows {
		var list []json.RawMessage
		if column >= len(row) {
			continue
		}
		if err := json.Unmarshal([]byte(row[column]), &list); err != nil || len(list) < leastFor(which) {
			v.Fail(p.pos, "write the row's value as a JSON array, like [1,2,3]",
				"row %d of %s has %q in column %s, which is no array with such an element", i+1, feeder.File, row[column], ref.Column)
			return
		}
	}
}

// leastFor is how many elements an array must have for one of them to be there.
func leastFor(which string) int {
	n, err := strconv.Atoi(which)
	switch {
	case err != nil:
		return 1
	case n < 0:
		return -n
	}
	return n + 1
}
