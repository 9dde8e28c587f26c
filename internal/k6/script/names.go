package script

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// nameSteps gives each step the name of a constant: what people call it, in camel case.
func (g *generator) nameSteps() {
	taken := reserved()
	for _, step := range g.allSteps() {
		stem := camel(step.Name)
		name := stem
		for n := 2; taken[name]; n++ {
			name = stem + strconv.Itoa(n)
		}
		taken[name] = true
		g.names[step] = name
	}
}

// camel makes a name of any text.
func camel(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var b strings.Builder
	for i, word := range words {
		first, rest := word[:1], word[1:]
		if i > 0 {
			first = strings.ToUpper(first)
		} else {
			first = strings.ToLower(first)
		}
		b.WriteString(first + rest)
	}
	name := b.String()
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return "step" + name
	}
	return name
}

// topLevel finds the names that a part of the runtime has for all to see.
var topLevel = regexp.MustCompile(`(?m)^(?:export )?(?:function|const|let|var|class) (\w+)`)

// reserved are names that no step may have.
func reserved() map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(words) {
		out[word] = true
	}
	parts, err := runtimeFiles.ReadDir("runtime")
	if err != nil {
		panic(err) // it is embedded
	}
	for _, file := range parts {
		for _, m := range topLevel.FindAllSubmatch(part(strings.TrimSuffix(file.Name(), ".js")), -1) {
			out[string(m[1])] = true
		}
	}
	return out
}

// words are those of the language, of k6, and of what is written here.
const words = `arguments async await break case catch class const continue debugger default delete do else enum eval export
extends false finally for function if implements import in instanceof interface let new null of package private
protected public return static super switch this throw true try typeof undefined var void while with yield
GO SETUP STEPS MIX BASE NaN Infinity Array Boolean Date Error Float64Array JSON Map Math Number Object Promise RegExp Set String Symbol Uint32Array
Uint8Array console decodeURIComponent encodeURIComponent globalThis isNaN parseInt open require module exports
sleep exec http crypto encoding SharedArray options env getReady drawRows forget row more made data fixed handed
answer asked body value kind it met got`
