package scenarios

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"taskbench/internal/source"
	"taskbench/internal/template"
	"taskbench/internal/yamlfile"
)

// builtinRef is a name every template may use.
type builtinRef struct {
	usage   string
	text    bool // its value is text even where it looks like a number
	minArgs int
	maxArgs int
	check   func(args []string) string // what is wrong with the arguments, or ""
}

// builtins are the references that need no definition.
var builtins = map[string]builtinRef{
	"vu":        {usage: "${vu}"},
	"iteration": {usage: "${iteration}"},
	"seq":       {usage: "${seq}"},
	"run":       {usage: "${run}", text: true},
	"uuid":      {usage: "${uuid}", text: true},
	"now":       {usage: "${now}, ${now(ms)}, ${now(iso)} or ${now(+1h, iso)}", maxArgs: 2, check: checkNow},
	"random":    {usage: "${random(1,100)}", minArgs: 2, maxArgs: 2, check: checkRandom},
	"pick":      {usage: "${pick(a,b,c)}", minArgs: 1, maxArgs: 1000},
	"env":       {usage: "${env(NAME)}", minArgs: 1, maxArgs: 1, check: checkEnv},
}

// modifiers look like built-ins and change how another reference is written.
var modifiers = []string{"text", "raw", "int", "number", "bool", "json"}

// checkNow takes a time from now and how it is written, either of them or both.
func checkNow(args []string) string {
	if len(args) > 0 {
		if _, ok := template.Away(args[0]); ok {
			args = args[1:]
		} else if len(args) == 2 {
			return "the first of two is a time from now, like +1h or -30m"
		}
	}
	if len(args) > 0 && !slices.Contains(timeForms, args[0]) && !timePattern.MatchString(args[0]) {
		return "a time is written as s, ms, iso, date, http, or by a pattern like %Y-%m-%d"
	}
	return ""
}

var (
	// timeForms are the ways in which ${now(…)} writes a time, beside patterns.
	timeForms   = []string{"s", "ms", "iso", "date", "http"}
	timePattern = regexp.MustCompile(`^[^%]*(%[YmdHMS][^%]*)+$`)
)

// checkRandom keeps to whole numbers a script's doubles can hold exactly.
func checkRandom(args []string) string {
	const limit = 1 << 53
	low, err1 := strconv.ParseInt(args[0], 10, 64)
	high, err2 := strconv.ParseInt(args[1], 10, 64)
	switch {
	case err1 != nil || err2 != nil || low < -limit || high > limit:
		return "random takes two whole numbers below 2^53"
	case low > high:
		return "random's first number must not be above its second"
	}
	return ""
}

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func checkEnv(args []string) string {
	if !envName.MatchString(args[0]) {
		return "env takes the name of an environment variable"
	}
	return ""
}

func (v *resolver) expandCall(p piece, name string, args []string, e Escape) Template {
	if slices.Contains(modifiers, name) {
		return v.modify(p, name, args, e)
	}
	if name == "item" {
		return v.item(p, e)
	}
	if _, ok := functions[name]; ok {
		return v.function(p, name, e)
	}
	b, ok := builtins[name]
	if !ok {
		v.FailWith(p.pos, func() string { return hintFor(name) }, "no built-in named %q", name)
		return nil
	}
	return v.builtin(p, b, args, e)
}

// elsewhere is what other load generators call what is here called otherwise.
var elsewhere = map[string]string{
	"date": "${now(date)} is the day, ${now(\"%d.%m.%Y\")} another form of it", "timestamp": "${now} is the time in seconds, ${now(ms)} in milliseconds",
	"isoTimestamp": "${now(iso)}", "randomItem": "${item(list)} is a random element of a captured array, ${pick(a,b,c)} one of several words",
	"choice": "${item(list)} is a random element of a captured array, ${pick(a,b,c)} one of several words", "randomInt": "${random(1,100)}",
	"randomIntBetween": "${random(1,100)}", "randomNumber": "${random(1,100)}", "randint": "${random(1,100)}", "uuidv4": "${uuid}", "guid": "${uuid}",
	"randomString": "${uuid} is text that nobody else has", "b64encode": "${base64(…)}", "encodeURIComponent": "${urlencode(…)}; values in paths are encoded anyway",
	"hmac": `${hmac_sha256(key, "text")}`, "sha256": `${hmac_sha256(key, "text")}`, "VU": "${vu}", "__VU": "${vu}", "__ITER": "${iteration}",
	"processEnvironment": "${env(NAME)}", "environment": "${env(NAME)}",
}

// hintFor says what is meant by a name that is none here.
func hintFor(name string) string {
	if said := elsewhere[strings.TrimPrefix(name, "$")]; said != "" {
		if strings.Contains(said, " ") {
			return said
		}
		return "write " + said
	}
	names := slices.Concat(slices.Sorted(maps.Keys(builtins)), slices.Sorted(maps.Keys(functions)), modifiers, []string{"item"})
	return source.Allowed(name, names)
}

func (v *resolver) builtin(p piece, b builtinRef, args []string, e Escape) Template {
	name, _, _ := strings.Cut(p.expr, "(")
	name = strings.TrimSpace(name)
	if len(args) < b.minArgs || len(args) > b.maxArgs {
		v.Fail(p.pos, "write it like "+b.usage, "%s takes %s, not %d", name, b.arity(), len(args))
		return nil
	}
	if b.check != nil {
		if wrong := b.check(args); wrong != "" {
			v.Fail(p.pos, "write it like "+b.usage, "%s: ${%s}", wrong, p.expr)
			return nil
		}
	}
	if b.text && e == EscapeJSONValue {
		e = EscapeJSONString
	}
	return Template{{Ref: &Ref{Kind: RefBuiltin, Name: name, Args: args, Escape: e, Pos: p.pos}}}
}

func (b builtinRef) arity() string {
	switch {
	case b.maxArgs == 0:
		return "no arguments"
	case b.minArgs == b.maxArgs && b.minArgs == 1:
		return "one argument"
	case b.minArgs == b.maxArgs:
		return strconv.Itoa(b.minArgs) + " arguments"
	case b.minArgs == 0:
		return "at most one argument"
	default:
		return "at least one argument"
	}
}

// modify resolves ${text(NAME)}, a JSON string even where the value is a
// number, and ${raw(NAME)}.
func (v *resolver) modify(p piece, name string, args []string, e Escape) Template {
	if len(template.Given(p.expr)) != 1 {
		v.Fail(p.pos, "write it like ${"+name+"(id)}", "%s takes one name", name)
		return nil
	}
	inner := piece{expr: template.Given(p.expr)[0], isExpr: true, pos: p.pos}
	if _, ok := casts[name]; ok {
		return v.castTo(p, name, inner, e)
	}
	if name == "text" {
		if e == EscapeJSONValue {
			e = EscapeJSONString
		}
		return v.expand(inner, e)
	}
	return v.raw(p, inner, e)
}

// cast is a type that a value in JSON can be asked to have, as in ${int(zip)}.
type cast struct {
	escape Escape
	what   string
	fits   func(text string) bool
}

var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	casts       = map[string]cast{
		"int":    {EscapeInt, "a whole number", wholeNumber.MatchString},
		"number": {EscapeNumber, "a number", func(text string) bool { return (&yamlfile.Node{Text: text}).IsJSONNumber() }},
		"bool":   {EscapeBool, "true or false", func(text string) bool { return text == "true" || text == "false" }},
		"json":   {EscapeJSON, "JSON", func(text string) bool { return json.Valid([]byte(text)) }},
	}
)

// castTo resolves ${int(NAME)} and its like, of a var, a capture or a column.
// It stands alone as a JSON value: everywhere else all values are text.
func (v *resolver) castTo(p piece, name string, inner piece, e Escape) Template {
	if e != EscapeJSONValue {
		v.Fail(p.pos, "write ${"+inner.expr+"}", "%s gives a value of json its type, and everything else is text", name)
		return nil
	}
	to := casts[name]
	out := v.expand(inner, EscapeNone)
	text, constant := out.Constant()
	switch {
	case len(out) == 0 && v.vars[inner.expr] == nil: // reported
	case constant && to.fits(text):
		return Template{{Literal: text}}
	case constant:
		v.Fail(p.pos, "write ${"+inner.expr+"} to send it as text", "%s is %q, which is not %s", inner.expr, text, to.what)
	case len(out) == 1 && out[0].Ref != nil && (out[0].Ref.Kind != RefCall && out[0].Ref.Kind != RefBuiltin || out[0].Ref.Name == "item"):
		out[0].Ref.Escape = to.escape
		v.checkCast(p, out[0].Ref, to)
		return out
	default:
		v.Fail(p.pos, "give it the name of a capture, a column, or a var", "%s takes one value, and %q is none", name, inner.expr)
	}
	return nil
}

// checkCast reports the first row whose value is not of the type.
func (v *resolver) checkCast(p piece, ref *Ref, to cast) {
	if ref.Kind != RefColumn {
		return
	}
	row, text := v.badRow(ref, to.what, func(text string) bool { return !to.fits(text) })
	if row > 0 {
		v.Fail(p.pos, "mend the row, or write ${"+ref.Name+"."+ref.Column+"} to send text",
			"row %d of %s has %q in column %s, which is not %s", row, v.feeders[ref.Name].File, text, ref.Column, to.what)
	}
}
