package script

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskbench/internal/k6/k6test"
)

// evaluate runs expressions in k6, with parts of the runtime, and gives what they are.
func evaluate(t *testing.T, head, parts string, expressions []string) []string {
	t.Helper()
	var b strings.Builder
	b.WriteString(head)
	for _, name := range strings.Fields(parts) {
		b.Write(part(name))
	}
	b.WriteString("export default function () {\n")
	for _, expr := range expressions {
		fmt.Fprintf(&b, "  console.log(JSON.stringify([%s]));\n", expr)
	}
	b.WriteString("}\n")
	file := filepath.Join(t.TempDir(), "evaluate.js")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute) // an expression that hangs is a defect, too
	defer stop()
	out, err := exec.CommandContext(ctx, k6test.Path(t), "run", "--quiet", "--no-usage-report", "--summary-mode=disabled", "--address", "127.0.0.1:0", "--log-format", "raw", file).CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if err != nil || len(lines) != len(expressions) {
		t.Fatalf("%v: %d expressions, k6 said:\n%s", err, len(expressions), out)
	}
	return lines
}

// The functions of the runtime, each with what package lua's makes of the same.
func TestRuntime(t *testing.T) {
	t.Parallel()
	cases := []struct{ expr, want string }{
		{`url('a/b c~é😀\'(!*)')`, `["a%2Fb%20c~%C3%A9%F0%9F%98%80%27%28%21%2A%29"]`},
		{`line('a\r\nb\0')`, `["ab"]`},
		{`jsonText('a"b\\c\x01\x7fé')`, `["a\\\"b\\\\c\\u0001\\u007fé"]`},
		{`jsonLiteral('12'), jsonLiteral('-1.5e3'), jsonLiteral('012'), jsonLiteral('true'), jsonLiteral('x'), jsonLiteral('12', 'string'), jsonLiteral('[1]', 'array')`,
			`["12","-1.5e3","\"012\"","true","\"x\"","\"12\"","[1]"]`},
		{`asInt('7'), asInt('07'), asInt('-0'), asInt('1.0'), asNumber('1.50'), asNumber('.5'), asNumber('1e5'), asBool('true'), asBool('1')`,
			`["7",null,"-0",null,"1.50",null,"1e5","true",null]`},
		{`asAny('[1]'), asAny('[1'), asAny('"a"'), asAny('x'), asAny('null'), asAny('')`, `["[1]",null,"\"a\"",null,"null",null]`},
		{`json({ body: ' {"a":{"b":[1,{"c":"x\\u0041\\ud83d\\ude00\\ud83d\\n"}]}}' }, ['a', 'b', '1', 'c'])`, `[{"value":"xA😀�\n","kind":"string"}]`},
		{`json({ body: '{"a":[1,2,3]}' }, ['a', '#']), json({ body: '{"#":5}' }, ['#']), json({ body: '[]' }, ['#'])`, `[{"value":"3","kind":"number"},{"value":"5","kind":"number"},{"value":"0","kind":"number"}]`},
		{`json({ body: '{"a":1.50,"b":12345678901234567890}' }, ['a']), json({ body: '{"a":1.50}' }, ['b']), json({ body: '' }, ['a']), json({ body: 'x' }, [])`, `[{"value":"1.50","kind":"number"},null,null,null]`},
		{`json({ body: '{"a":"x' }, ['a']), json({ body: '{"a":{"b":1' }, ['a']), json({ body: '[1,2' }, ['1']), json({ body: '{"a" 1}' }, ['a'])`, `[null,null,{"value":"2","kind":"number"},null]`},
		{`json({ body: '{"a\\"":{"}":"]"},"b":true}' }, ['b']), json({ body: '{"a\\"":3}' }, ['a"']), json({ body: '[10,11]' }, ['01'])`, `[{"value":"true","kind":"boolean"},{"value":"3","kind":"number"},null]`},
		{`jsonQuery({ body: '{"l":[{"n":"a","p":1},{"n":"b","p":2}]}' }, ['l', { op: '==', field: ['n'], value: 'b', kind: 'string', all: false }, 'p'])`, `[{"value":"2","kind":"number"}]`},
		{`jsonQuery({ body: '[{"p":1},{"p":20},{}]' }, [{ op: '<', field: ['p'], value: '10', kind: 'number', all: true }, 'p']), jsonQuery({ body: '[{"p":1},{}]' }, [{ each: true }, 'p'])`, `[{"value":"[1]","kind":"array"},{"value":"[1]","kind":"array"}]`},
		{`jsonQuery({ body: '{"a":[1,2,3],"-1":9}' }, ['a', { back: 1 }]), jsonQuery({ body: '{"-1":9}' }, [{ back: 1 }]), jsonQuery({ body: '[]' }, [{ back: 1 }])`, `[{"value":"3","kind":"number"},{"value":"9","kind":"number"},null]`},
		{`item('x', '[1,"a",null]', 1), item('y', '[1]', -1), item('z', '[]', 0)`, `[{"value":"a","kind":"string"},{"value":"1","kind":"number"},null]`},
		{`asRaw('/a b?é#x'), asPath('http://h/x?y#z'), asPath('//other/x'), asPath('x'), asPath('HTTPS://own?q')`, `["/a%20b?%C3%A9","/x?y",null,null,"/?q"]`},
		{`leads('../b/./c?x#y', '/base/a/d'), leads('?q', '/p?r'), leads('http://h:80/é', '/'), leads('https://h/', '/'), leads('//other/', '/'), leads(' /a/.. ', '/')`, `["/base/b/c?x","/p?q","/%C3%A9",null,null,"/"]`},
		{`cut('é'.repeat(400)).length, cut('a'.repeat(600)).length, cut('😀'.repeat(300)).length`, `[250,500,250]`},
		{`numberOf('5') < numberOf('10'), numberOf('') < 1, numberOf('x') >= 0, numberOf('x') < 0`, `[true,false,false,false]`},
	}
	expressions := make([]string, len(cases))
	for i, c := range cases {
		expressions[i] = c.expr
	}
	head := "const HOST = 'h'; const SCHEME = 'http'; const OWN_HOSTS = ['own']; const STEPS = [];\n"
	got := evaluate(t, head, "escape cast json jsonpath list raw redirects read count control", expressions)
	for i, c := range cases {
		if got[i] != c.want {
			t.Errorf("%s\nis   %s\nwant %s", c.expr, got[i], c.want)
		}
	}
}

// Latencies are counted in the buckets that parse.Block knows: the exponent and the top
// six bits of the mantissa of a double.
func TestBuckets(t *testing.T) {
	t.Parallel()
	values := []float64{0, 0.5, 1, 1.5, 1.999, 2, 63, 64, 65, 100, 127.9, 128, 1000, 12345.678, 1e6, 59999999, 1e9}
	texts := make([]string, len(values))
	want := make([]int, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprintf("bucketOf(%v)", v)
		want[i] = min(max(int(math.Float64bits(v)>>46)-1023*64, 0), 1727)
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := evaluate(t, "", "count", []string{strings.Join(texts, ", ")})[0]; got != string(text) {
		t.Errorf("buckets %s\nwant    %s", got, text)
	}
}
