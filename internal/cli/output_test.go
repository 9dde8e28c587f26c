package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/capacity"
	"taskbench/compare/finding"
	"taskbench/compare/gate"
	"taskbench/compare/history"
	"taskbench/compare/memory"
	"taskbench/compare/micro"
	"taskbench/compare/profiles"
	"taskbench/compare/soak"
	"taskbench/compare/why"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/stored"
	"taskbench/internal/figure"
	"taskbench/results"
)

// output is what a command prints with --format json.
type output struct {
	of   any    // a value of the type; nil where other words say it
	says string // a sentence for the documentation
	args string // what to run it with, against storeOfTwoRuns; "" where that needs a server or a tool
}

const comparisonSays = "What was compared; [results.md](results.md) explains every key."

// histogramList is what compare.HistogramsJSON writes.
type histogramList struct {
	Results []compare.Histograms `json:"results"`
}

// outputs are all commands that print something.
var outputs = map[string]output{
	"run":              {of: compare.Comparison{}, says: comparisonSays},
	"demo":             {of: compare.Comparison{}, says: comparisonSays},
	"compare":          {of: compare.Comparison{}, says: comparisonSays, args: "--format json"},
	"baseline show":    {of: compare.Comparison{}, says: comparisonSays, args: "main --format json"},
	"gate":             {of: gate.Report{}, says: "What was decided; the exit code says it too.", args: "--format json"},
	"history":          {of: history.Trend{}, says: "One metric over stored runs, oldest first.", args: "--format json"},
	"micro run":        {of: micro.Comparison{}, says: "Microbenchmarks side by side; see [micro.md](micro.md)."},
	"micro compare":    {of: micro.Comparison{}, says: "Microbenchmarks side by side; see [micro.md](micro.md)."},
	"micro import":     {of: microImports{}, says: "What was stored."},
	"memory":           {of: memory.Comparison{}, says: "Memory side by side; see [memory.md](memory.md)."},
	"cpu":              {of: profiles.Profile{}, says: "A profile; see [profiling.md](profiling.md)."},
	"why":              {of: why.Breakdown{}, says: "What a difference is made of; see [ledger.md](ledger.md). With `--before`: `taskbench_why_change`, whose parts have the gap before as `baseline` and after as `candidate`."},
	"ledger":           {of: compare.LedgerComparison{}, says: "What answers cost; see [ledger.md](ledger.md)."},
	"soak":             {of: soak.Comparison{}, says: "How a long load drifted; see [soak.md](soak.md)."},
	"capacity":         {of: capacity.Comparison{}, says: "The rates that servers carry; see [capacity.md](capacity.md)."},
	"calibrate":        {of: compare.Calibration{}, says: "The noise of this machine: fractions, but for the ratio and the autocorrelation."},
	"check":            {of: checkReport{}, says: "What was checked. With mistakes in a file, `problem` has the text of standard error; `live` comes with `--live`.", args: "health my.yaml --format json"},
	"doctor":           {of: examination{}, says: "What is missing before a run. `state` is `ok`, `note` (a run works, something of it will be missing or disturbed) or `missing`."},
	"lua":              {of: generatedLua{}, says: "The script, and wrk's command line for it.", args: "health --format json"},
	"k6":               {of: k6Export{}, says: "What was written, and the commands that run it.", args: "health -o k6 --format json"},
	"parse":            {of: parsedRuns{}, says: "What wrk printed, run by run. A figure that was not printed is absent."},
	"config":           {says: "The keys of `taskbench.yaml`, in effect.", args: "--format json"},
	"init":             {of: writtenFiles{}, says: "The files that were written.", args: "--format json"},
	"version":          {of: build{}, says: "This build.", args: "--format json"},
	"baseline save":    {of: stored.SavedBaseline{}, says: "What was kept.", args: "again --format json"},
	"baseline list":    {of: stored.BaselineList{}, says: "What was kept, by name.", args: "--format json"},
	"results list":     {of: stored.ResultList{}, says: "What is stored, newest first.", args: "--format json"},
	"results show":     {of: histogramList{}, says: "Without `--histogram` the stored document (`taskbench results schema`); with it:", args: "rust --histogram --steps --format json"},
	"results query":    {says: "The value that was asked for.", args: "rust scenarios.#.scenario --format json"},
	"results schema":   {says: "A JSON Schema.", args: "--format json"},
	"scenarios schema": {says: "A JSON Schema.", args: "--format json"},
	"scenarios list":   {of: scenarioList{}, says: "The scenarios.", args: "--format json"},
	"scenarios lint":   {of: lintReport{}, says: "What is unwise in scenarios. `why` is there where the scenario gives a reason.", args: "auth --format json"},
	"scenarios show":   {of: shownScenario{}, says: "A scenario and its text.", args: "health --format json"},
}

// noJSON are the commands without --format, and why.
var noJSON = map[string]string{
	"serve":      "is a server",
	"completion": "prints for a shell",
	"man":        "prints for man",
	"export":     "prints in the formats of other tools, --to",
	"report":     "writes a page",
}

// leaves are the commands that do something, by their words.
func leaves(prefix string, commands []*cli.Command) map[string]*cli.Command {
	all := map[string]*cli.Command{}
	for _, c := range commands {
		path := strings.TrimSpace(prefix + " " + c.Name)
		if len(c.Subcommands) == 0 && !c.Hidden {
			all[path] = c
		}
		for name, sub := range leaves(path, c.Subcommands) {
			all[name] = sub
		}
	}
	return all
}

// Every command that prints something has --format json, and its output is
// documented; what needs no server is run, and prints exactly the documented
// keys.
func TestEveryCommandSpeaksJSON(t *testing.T) {
	store := filepath.Join(t.TempDir(), "store")
	storeOfTwoRuns(t, filepath.Join(store, "results"))
	sample, err := os.ReadFile(filepath.Join("init", "sample.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(store, "my.yaml"), sample, 0o644); err != nil {
		t.Fatal(err)
	}
	commands := leaves("", newApp(console.Process{Args: []string{"taskbench"}, Getenv: func(string) string { return "" }}).Commands)
	for name := range outputs {
		if commands[name] == nil {
			t.Errorf("there is no command %s", name)
		}
	}
	for name, c := range commands {
		if noJSON[name] != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			o, listed := outputs[name]
			if !listed || !speaksJSON(c) {
				t.Fatalf("no --format json, or not in outputs (%v)", listed)
			}
			if o.args == "" {
				return
			}
			t.Chdir(copied(t, store))
			code, stdout, stderr := runHere(strings.Fields("taskbench " + name + " " + o.args)...)
			if code != console.ExitOK && code != console.ExitGate {
				t.Fatalf("exit code %d: %s", code, stderr)
			}
			checkOutput(t, o, stdout)
		})
	}
}

func speaksJSON(c *cli.Command) bool {
	return slices.ContainsFunc(c.Flags, func(f cli.Flag) bool {
		doc, ok := f.(cli.DocGenerationFlag)
		return ok && slices.Contains(f.Names(), "format") && strings.Contains(doc.GetUsage(), "json")
	})
}

func copied(t *testing.T, dir string) string {
	t.Helper()
	here := filepath.Join(t.TempDir(), "here")
	if err := os.CopyFS(here, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return here
}

func checkOutput(t *testing.T, o output, stdout string) {
	t.Helper()
	if !json.Valid([]byte(stdout)) {
		t.Fatalf("not JSON:\n%s", stdout)
	}
	if o.of == nil {
		return
	}
	d := json.NewDecoder(strings.NewReader(stdout))
	d.DisallowUnknownFields()
	if strings.Contains(stdout, `"notes": null`) {
		t.Errorf("notes are a list, also an empty one:\n%s", stdout)
	}
	if err := d.Decode(reflect.New(reflect.TypeOf(o.of)).Interface()); err != nil {
		t.Errorf("not as documented: %v\n%s", err, stdout)
	}
}

const outputMark = "<!-- What follows is made by: go test ./internal/cli -run TestOutputDocumentation -update -->\n"

// docs/output.md has the shape of every command's JSON.
func TestOutputDocumentation(t *testing.T) {
	t.Parallel()
	path := filepath.Join(repository, "docs", "output.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, was, marked := strings.Cut(string(text), outputMark)
	if !marked {
		t.Fatalf("no line %s", outputMark)
	}
	made := outputSections()
	if *update {
		if err := os.WriteFile(path, []byte(head+outputMark+made), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(was, "\n"), strings.Split(made, "\n")); diff != "" {
		t.Errorf("docs/output.md (- is, + should be; -update writes it):\n%s", diff)
	}
}

// outputSections has a heading for the commands that print the same.
func outputSections() string {
	names := map[string][]string{}
	for name, o := range outputs {
		key := o.says
		if o.of != nil {
			key += "\n\n```ts\n" + shape(reflect.TypeOf(o.of), "") + "\n```"
		}
		names[key] = append(names[key], name)
	}
	var sections []string
	for text, list := range names {
		slices.Sort(list)
		sections = append(sections, "\n## "+strings.Join(list, ", ")+"\n\n"+text+"\n")
	}
	slices.Sort(sections)
	return strings.Join(sections, "")
}

// shape writes a type as TypeScript does: "?" marks what may be absent, "null"
// what may be null.
func shape(t reflect.Type, indent string) string {
	switch {
	case t == reflect.TypeFor[*figure.Figure](), t == reflect.TypeFor[figure.Figure](): // its key
		return "string"
	case t == reflect.TypeFor[finding.Finding]():
		return "Finding"
	case t == reflect.TypeFor[time.Time]():
		return "string /* RFC 3339 */"
	case t == reflect.TypeFor[results.Latency]():
		return "object /* latency, as in the stored document */"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return shape(t.Elem(), indent) + " | null"
	case reflect.Slice:
		element := shape(t.Elem(), indent)
		if strings.HasSuffix(element, "| null") {
			element = "(" + element + ")"
		}
		return element + "[]"
	case reflect.Map:
		return fmt.Sprintf("{ [%s: string]: %s }", "key", shape(t.Elem(), indent))
	case reflect.Struct:
		return "{\n" + fields(t, indent+"  ") + indent + "}"
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Interface:
		return "any"
	}
	return "number"
}

func fields(t reflect.Type, indent string) string {
	var b strings.Builder
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
			continue
		case f.Anonymous && name == "":
			b.WriteString(fields(f.Type, indent))
			continue
		case name == "":
			name = f.Name
		}
		of, optional := f.Type, ""
		if strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero") {
			optional = "?"
			if of.Kind() == reflect.Pointer {
				of = of.Elem()
			}
		}
		fmt.Fprintf(&b, "%s%s%s: %s\n", indent, name, optional, shape(of, indent))
	}
	return b.String()
}
