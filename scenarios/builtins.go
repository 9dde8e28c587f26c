package scenarios

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"taskbench/internal/source"
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
	"now":       {usage: "${now} or ${now(ms)}", maxArgs: 1, check: checkNow},
	"random":    {usage: "${random(1,100)}", minArgs: 2, maxArgs: 2, check: checkRandom},
	"pick":      {usage: "${pick(a,b,c)}", minArgs: 1, maxArgs: 1000},
	"env":       {usage: "${env(NAME)}", minArgs: 1, maxArgs: 1, check: checkEnv},
}

// modifiers look like built-ins and change how another reference is written.
var modifiers = []string{"text", "raw", "int", "number", "bool", "json"}

func checkNow(args []string) string {
	if len(args) == 1 && args[0] != "s" && args[0] != "ms" {
		return "the unit of now is s or ms"
	}
	return ""
}

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

// call splits "name(a, 'b c')" into its name and arguments, quotes removed.
func call(expr string) (name string, args []string, ok bool) {
	name, rest, found := strings.Cut(expr, "(")
	if !found || !strings.HasSuffix(rest, ")") {
		return "", nil, false
	}
	rest = strings.TrimSuffix(rest, ")")
	if strings.TrimSpace(rest) == "" {
		return strings.TrimSpace(name), nil, true
	}
	return strings.TrimSpace(name), splitArgs(rest), true
}

// splitArgs cuts at commas outside quotes and trims spaces outside quotes.
func splitArgs(s string) []string {
	var args []string
	var arg strings.Builder
	var quote byte
	quoted := false
	flush := func() {
		text := arg.String()
		if !quoted {
			text = strings.TrimSpace(text)
		}
		args = append(args, text)
		arg.Reset()
		quoted = false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			arg.WriteByte(c)
		case (c == '"' || c == '\'') && strings.TrimSpace(arg.String()) == "" && !quoted:
			arg.Reset()
			quote, quoted = c, true
		case c == ',':
			flush()
		case quoted && c == ' ':
		default:
			arg.WriteByte(c)
		}
	}
	flush()
	return args
}

func (v *resolver) expandCall(p piece, name string, args []string, e Escape) Template {
	if slices.Contains(modifiers, name) {
		return v.modify(p, name, args, e)
	}
	b, ok := builtins[name]
	if !ok {
		names := append(slices.Sorted(maps.Keys(builtins)), modifiers...)
		v.Fail(p.pos, source.Allowed(name, names), "no built-in named %q", name)
		return nil
	}
	return v.builtin(p, b, args, e)
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
// number, and ${raw(NAME)}, a var or a column put in without escaping.
func (v *resolver) modify(p piece, name string, args []string, e Escape) Template {
	if len(args) != 1 {
		v.Fail(p.pos, "write it like ${"+name+"(id)}", "%s takes one name", name)
		return nil
	}
	if _, ok := casts[name]; ok {
		return v.castTo(p, name, args, e)
	}
	inner := piece{expr: args[0], isExpr: true, pos: p.pos}
	if name == "text" {
		if e == EscapeJSONValue {
			e = EscapeJSONString
		}
		return v.expand(inner, e)
	}
	value, ok := v.vars[args[0]]
	data, column, isColumn := strings.Cut(args[0], ".")
	if !ok && !isColumn {
		v.Fail(p.pos, "captures are always escaped", "raw takes the name of a var or of a column, and %q is neither", args[0])
		return nil
	}
	if e == EscapeJSONValue || e == EscapeJSONString {
		v.Fail(p.pos, "write the JSON as YAML, or use body instead of json", "raw cannot be used inside json")
		return nil
	}
	if !ok {
		return v.rawColumn(inner, data, column, e)
	}
	return v.expandVar(inner, value, EscapeNone, e)
}

// rawColumn puts a column in as it is. In a path and a form its values must be
// such that they can stand there.
func (v *resolver) rawColumn(p piece, name, column string, e Escape) Template {
	out := v.column(p, name, column, EscapeNone)
	feeder := v.feeders[name]
	at := slices.Index(feeder.Columns, column)
	if at < 0 || e != EscapeURL {
		return out
	}
	for i, row := range feeder.Rows {
		bad := func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '#' }
		if at < len(row) && strings.ContainsFunc(row[at], bad) {
			v.Fail(p.pos, "percent-encode it in the file, or write ${"+p.expr+"}",
				"row %d of %s has %q in column %s, which a path cannot hold as it is", i+1, feeder.File, row[at], column)
			break
		}
	}
	return out
}
