package scenarios

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"taskbench/internal/template"
	"taskbench/internal/yamlfile"
)

// Control says whether a step is sent, and how often. The zero value: once.
type Control struct {
	If        *Condition // nil: always
	Each      *Each      // once for each element of a list
	Repeat    *Repeat
	Retry     *Retry
	Redirects int // that are followed at most; 0: none
}

// Condition compares values that are known while running: Left Op Right.
type Condition struct {
	Left  Template // of Exists and Absent a capture alone
	Op    Op
	Right Template
}

// Op is how a Condition compares: == and != as text, the others as numbers.
type Op string

// Exists and Absent ask whether a capture found something that is not null.
const (
	Exists Op = "exists"
	Absent Op = "absent"
)

// Each sends a step once for each element of a captured list.
type Each struct {
	List string        // the capture
	Max  int           // elements at most, the first ones; 0: all
	Wait time.Duration // between two
}

// Repeat asks again behind an answer that is as expected.
type Repeat struct {
	Kind   RepeatKind
	Times  int           // requests; of Until and While at most, and the last is then not as expected
	Answer *Expect       // Until and While: what the answer is held against
	Values *Condition    // or what is known behind it
	Wait   time.Duration // between two
}

// RepeatKind says when a repeated step ends.
type RepeatKind string

const (
	Count RepeatKind = "times"
	Until RepeatKind = "until"
	While RepeatKind = "while"
)

// Retry asks again where a server could not answer yet. What it answered is
// counted as retried, and is neither good nor an error.
type Retry struct {
	On    []StatusRange
	Times int // beyond the first
	Wait  time.Duration
}

// translate reports keys that have another word here. Whatever reads the mapping
// after it reports them again, which is told once. True where there are any.
func (r *reader) translate(n *yamlfile.Node, what string, hint func(key string) string) (found bool) {
	for _, p := range n.Pairs {
		if hint := hint(p.Key); hint != "" {
			r.Fail(p.Pos, hint, "unknown key %q in %s", p.Key, what)
			found = true
		}
	}
	return found
}

// Bounds of how often a step is sent.
const (
	MaxRepeats   = 1000
	MaxTries     = 100
	MaxRedirects = 20
)

// defaultRetryOn are statuses that may be others a moment later.
var defaultRetryOn = []StatusRange{{429, 429}, {500, 599}}

// controlFields are the keys of a step by which it is sent more than once, or not
// at all.
func (r *stepReader) controlFields() []field {
	c := &r.step.Control
	return []field{
		{"if", "Sends the step only where it holds: ${x} exists, ${x} absent, ${x} == text.", conditionText(), false, func(v *yamlfile.Node) { c.If = r.condition(v, "if") }},
		{"for_each", "Sends the step once for each element of a captured list, as ${each}.", either(listReference(), defined("each")), false, func(*yamlfile.Node) {}}, // read before all others
		{"repeat", "How often the step is sent, or until or while what.", either(integer(1, MaxRepeats), defined("repeat")), false, func(v *yamlfile.Node) { r.repeated = v }},
		{"retry", "How often the step is asked again on which statuses.", either(integer(1, MaxTries), defined("retry")), false, func(v *yamlfile.Node) { c.Retry = r.retry(v) }},
		{"redirects", "Redirects that are followed at most; none when left out.", integer(0, MaxRedirects), false, func(v *yamlfile.Node) { c.Redirects = r.Integer(v, "redirects", 0, MaxRedirects) }},
	}
}

func (r *stepReader) repeat(n *yamlfile.Node) *Repeat {
	out := &Repeat{Kind: Count}
	if n.Kind == yamlfile.Scalar {
		out.Times = r.Integer(n, "repeat", 1, MaxRepeats)
		return out
	}
	r.builder.fields(n, "repeat", r.repeatFields(out))
	if n.Kind != yamlfile.Mapping {
		return out
	}
	conditions := 0
	for _, key := range []string{"until", "while", "times"} {
		if n.Get(key) != nil {
			conditions++
		}
	}
	switch {
	case conditions != 1:
		r.Fail(n.Pos, "write repeat: 3, or repeat: {until: {json: {state: done}}, max: 10}", "repeat needs one of times, until and while, not %d of them", conditions)
	case out.Kind != Count && n.Get("max") == nil:
		r.Fail(n.Pos, "add max: 10", "repeat with %s has no limit", out.Kind)
	case out.Kind == Count && n.Get("max") != nil:
		r.Fail(n.Get("max").Pos, "remove it", "max is the limit of until and while")
	}
	return out
}

func (r *stepReader) repeatFields(out *Repeat) []field {
	ends := func(kind RepeatKind) func(*yamlfile.Node) {
		return func(v *yamlfile.Node) {
			if out.Kind = kind; v.Kind == yamlfile.Scalar {
				out.Values = r.condition(v, string(kind))
				return
			}
			e := r.expect(v)
			if len(e.Statuses)+len(e.JSON)+len(e.Headers)+len(e.Body) == 0 {
				r.Fail(v.Pos, "write "+string(kind)+": {json: {state: done}}", "%s says nothing of the answer", kind)
			}
			out.Answer = &e
		}
	}
	how := either(conditionText(), defined("expect"))
	return []field{
		{"times", "Requests.", integer(1, MaxRepeats), false, func(v *yamlfile.Node) { out.Times = r.Integer(v, "times", 1, MaxRepeats) }},
		{"until", "What an answer must be for it to be the last, or a condition as of if.", how, false, ends(Until)},
		{"while", "What an answer must be for another request to follow, or a condition as of if.", how, false, ends(While)},
		{"max", "Requests at most; behind them the step has failed.", integer(1, MaxRepeats), false, func(v *yamlfile.Node) { out.Times = r.Integer(v, "max", 1, MaxRepeats) }},
		{"wait", "Pause between two requests; that of think when left out.", duration, false, func(v *yamlfile.Node) { out.Wait = r.pause(v) }},
	}
}

func (r *stepReader) retry(n *yamlfile.Node) *Retry {
	out := &Retry{On: defaultRetryOn}
	if n.Kind == yamlfile.Scalar {
		out.Times = r.Integer(n, "retry", 1, MaxTries)
		return out
	}
	r.builder.fields(n, "retry", r.retryFields(out))
	if n.Kind == yamlfile.Mapping && n.Get("times") == nil {
		r.Fail(n.Pos, "add times: 3", "retry needs a limit")
	}
	return out
}

func (r *stepReader) retryFields(out *Retry) []field {
	return []field{
		{"on", "Statuses: 503, [429, 503], 5xx; 429 and 5xx when left out.", orList(statusForm()), false, func(v *yamlfile.Node) { out.On = r.statuses(v) }},
		{"times", "How often the step is asked again.", integer(1, MaxTries), true, func(v *yamlfile.Node) { out.Times = r.Integer(v, "times", 1, MaxTries) }},
		{"wait", "Pause before it is; none when left out.", duration, false, func(v *yamlfile.Node) { out.Wait = r.pause(v) }},
	}
}

// each reads for_each, which makes ${each} known to the rest of its step.
func (r *stepReader) each(n *yamlfile.Node) *Each {
	out := &Each{}
	if n.Kind == yamlfile.Mapping {
		r.builder.fields(n, "for_each", r.eachFields(out))
		if n.Get("list") == nil {
			r.Fail(n.Pos, `add list: "${ids}"`, "for_each needs a list")
		}
		return out
	}
	out.List = r.list(n)
	return out
}

func (r *stepReader) eachFields(out *Each) []field {
	return []field{
		{"list", "The captured list: ${ids}.", listReference(), true, func(v *yamlfile.Node) { out.List = r.list(v) }},
		{"max", "Elements at most, the first ones; all when left out.", integer(1, MaxRepeats), false, func(v *yamlfile.Node) { out.Max = r.Integer(v, "max", 1, MaxRepeats) }},
		{"wait", "Pause between two requests; that of think when left out.", duration, false, func(v *yamlfile.Node) { out.Wait = r.pause(v) }},
	}
}

// list is the capture that ${NAME} names.
func (r *stepReader) list(n *yamlfile.Node) string {
	hint := `capture one before, {ids: items}, and write for_each: "${ids}"; fixed values are rows of data:, or ${pick(a,b)}`
	if _, isNumber := n.Value.(int64); isNumber {
		hint = "write repeat: " + n.Text
	}
	if n.Kind != yamlfile.Scalar || n.Value == nil {
		r.Fail(n.Pos, hint, "for_each goes through a captured list: it must be the reference to one, not %s", n.Describe())
		return ""
	}
	text := n.Text
	pieces := r.cut(text, n.Pos)
	if len(pieces) == 1 && pieces[0].isExpr {
		t := r.expand(pieces[0], EscapeNone)
		if len(t) == 1 && t[0].Ref != nil && t[0].Ref.Kind == RefCapture {
			return t[0].Ref.Name
		}
		if len(t) == 0 {
			return "" // told
		}
	}
	r.Fail(n.Pos, hint, "for_each goes through a captured list, which %q is not", text)
	return ""
}

var comparison = regexp.MustCompile(`^\s*(exists|absent|==|!=|<=|>=|<|>|=)\s*`)

// condition reads "${x} exists" and "${x} == text".
func (r *stepReader) condition(n *yamlfile.Node, key string) *Condition {
	text := r.Str(n, key)
	if text == "" {
		return nil
	}
	const hint = `write it like "${next} exists", "${next} absent", "${state} == done" or "${random(1,10)} <= 3"`
	left, op, right, at := splitComparison(text)
	if op == "" || op == "=" || strings.Contains(right, "&&") || strings.Contains(right, "||") {
		r.Fail(n.Pos, hint, "%s compares one value with another, or asks whether one exists: %q", key, text)
		return nil
	}
	c := &Condition{Op: Op(op), Left: r.template(left, n.Pos, asPlain)}
	if c.Op == Exists || c.Op == Absent {
		if len(c.Left) == 1 && c.Left[0].Ref != nil && c.Left[0].Ref.Kind == RefCapture && right == "" {
			return c
		}
		if len(c.Left) > 0 {
			r.Fail(n.Pos, hint, "%s can be asked of a capture alone, and of nothing else: %q", op, text)
		}
		return nil
	}
	pos := n.Pos
	pos.Column += at
	c.Right = r.template(right, pos, asPlain)
	return c
}

// splitComparison cuts a condition at its operator, which stands outside of
// references. at is where its right side begins.
func splitComparison(text string) (left, op, right string, at int) {
	for i := 0; i < len(text); i++ {
		if strings.HasPrefix(text[i:], "${") {
			end := template.ExprEnd(text[i+2:])
			if end < 0 {
				return
			}
			i += 2 + end
			continue
		}
		m := comparison.FindStringSubmatchIndex(text[i:])
		if m == nil || i == 0 || m[2] == 0 && (text[i] == 'e' || text[i] == 'a') && text[i-1] != '}' {
			continue
		}
		at = i + m[1]
		return strings.TrimSpace(text[:i]), text[i+m[2] : i+m[3]], strings.TrimSpace(text[at:]), at
	}
	return
}

// pause reads how long is waited between two requests.
func (r *stepReader) pause(n *yamlfile.Node) time.Duration {
	return r.Pause(n, "wait")
}

// How conditions and references to lists are written.
func conditionText() form { return like(`\S\s*(exists|absent|==|!=|<|>)`) }
func listReference() form { return like(`^\$\{.*\}$`) }

// Sure reports whether a step is sent in every iteration.
func (s *Step) Sure() bool { return s.Control.If == nil && s.Control.Each == nil }

// Varied reports whether steps may be sent more than once in an iteration, or not at
// all: they are then answered unequally often, and rightly so.
func (s *Scenario) Varied() bool {
	return slices.ContainsFunc(s.Steps, func(step Step) bool { return step.Control != Control{} })
}

// checkSureSteps reports iterations in which nothing might be sent.
func (r *reader) checkSureSteps(mode Mode, steps []Step) {
	if mode != Mix {
		r.checkSure(steps, string(mode))
		return
	}
	for i := range steps {
		r.checkSure(steps[i:i+1], "an iteration of this mix")
	}
}

// checkSure reports steps that may all be left out: an iteration without a
// request would begin the next one at once, for ever.
func (r *reader) checkSure(steps []Step, what string) {
	if len(steps) > 0 && !slices.ContainsFunc(steps, func(s Step) bool { return s.Sure() }) {
		r.Fail(steps[0].Pos, "have one step without if and for_each", "all steps of %s may be left out, and then nothing is sent", what)
	}
}
