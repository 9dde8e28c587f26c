package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"path/filepath"
	"strings"

	"taskbench/internal/compose"
	"taskbench/internal/files"
	"taskbench/internal/othertools"
	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// LoadFile loads a scenario from a path. Files it names (data, body_file) are
// relative to the scenario's folder, and plain ones within it: what they hold is
// sent to a server, and a scenario may come from somebody else. allowOutside
// lets them lie elsewhere. The error is a source.List with every problem of the
// file, or says why the file cannot be read.
func LoadFile(name string, allowOutside bool) (*Scenario, error) {
	return LoadProfile(name, "", allowOutside)
}

// LoadProfile is LoadFile with one of the profiles of the file in; a file without
// profiles is as it is.
func LoadProfile(name, profile string, allowOutside bool) (*Scenario, error) {
	text, err := yamlfile.Read(name)
	if err != nil {
		return nil, readError(name, err)
	}
	dir := filepath.Dir(name)
	return parse(name, text, profile, func(beside string, limit int64) ([]byte, error) {
		switch {
		case !allowOutside:
			return files.ReadInside(dir, beside, limit)
		case filepath.IsAbs(beside):
			return files.Read(beside, limit)
		}
		return files.Read(filepath.Join(dir, beside), limit)
	})
}

// LoadFS is LoadFile within a file system: names are slash-separated and cannot
// leave it.
func LoadFS(fsys fs.FS, name string) (*Scenario, error) {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, readError(name, err)
	}
	return parse(name, text, "", inFS(fsys, path.Dir(name)))
}

// inFS opens what lies within a folder of a file system.
func inFS(fsys fs.FS, dir string) opener {
	return func(beside string, limit int64) ([]byte, error) {
		if !filepath.IsLocal(beside) {
			return nil, files.ErrOutside
		}
		text, err := fs.ReadFile(fsys, path.Join(dir, beside))
		if err == nil && int64(len(text)) > limit {
			err = files.TooLarge(limit)
		}
		return text, err
	}
}

func readError(name string, err error) error {
	return source.WithHint(fmt.Errorf("cannot read scenario %q: %w", name, cause(err)),
		"name a file, or one of the built-in scenarios")
}

// document is a scenario file cut into its sections.
type document struct {
	vars, data, setup, before, after, teardown, flow, mix, request, expected, overrides *yamlfile.Node
	tls                                                                                 *yamlfile.Node
	load                                                                                *yamlfile.Node
	redirects                                                                           int
	objective                                                                           *yamlfile.Node
	places                                                                              map[string]source.Position
}

// parse loads the text of one scenario, with a profile of it if one is named. The
// others are loaded as well, so that a mistake in one is found beside all others.
func parse(file string, text []byte, profile string, open opener) (*Scenario, error) {
	s, others, err := parseAs(file, text, profile, "", open)
	problems, ok := errors.AsType[source.List](err)
	if err != nil && !ok {
		return nil, err
	}
	told := map[string]bool{}
	for _, e := range problems {
		told[e.Pos.String()+e.Message] = true
	}
	for _, other := range others {
		about := " (with the profile " + other + ")"
		_, _, err := parseAs(file, text, other, about, open)
		list, _ := errors.AsType[source.List](err)
		for _, e := range list {
			if !told[e.Pos.String()+strings.TrimSuffix(e.Message, about)] {
				problems = append(problems, e)
			}
		}
	}
	if len(problems) > 0 {
		return nil, problems.Err()
	}
	return s, nil
}

// parseAs loads a scenario with one profile, and names the others.
func parseAs(file string, text []byte, profile, about string, open opener) (*Scenario, []string, error) {
	r := newReader(file, text)
	root := r.Parse()
	if root == nil {
		return nil, nil, r.Errs.Err()
	}
	r.About = about
	root = compose.Scenario(r.Reader, root, profile, func(name string, limit int64) ([]byte, string, error) {
		text, err := open(name, limit)
		if err != nil {
			return nil, openHint(err), cause(err)
		}
		return text, "", nil
	})
	s, err := r.scenario(root, text, profile, open)
	return s, otherProfiles(root, profile), err
}

// scenario reads a scenario that is put together.
func (r *reader) scenario(root *yamlfile.Node, text []byte, profile string, open opener) (*Scenario, error) {
	s := &Scenario{File: r.File, Text: text, Load: DefaultLoad}
	doc := r.sections(root, s)
	s.chooseProfile(root, profile)
	if doc.load != nil {
		s.Load = r.load(doc.load)
	}
	if doc.tls != nil {
		s.TLS = r.tls(doc.tls, open)
	}
	if doc.data != nil {
		s.Data = r.data(doc.data, open)
		if !s.Load.AutoUsers || !s.Load.Rate.Open() { // else there are as many as there are rows for
			r.checkUnique(s.Data, s.Load.Connections)
		}
	}
	r.assemble(s, root, doc, open)
	if s.Load.Rate.Open() {
		r.checkReach(s, doc.load)
	}
	if doc.expected != nil {
		s.Expected = r.expected(doc.expected, s)
	}
	if doc.objective != nil {
		s.Objective = r.objective(doc.objective, s.Mode)
	}
	if err := r.Errs.Err(); err != nil {
		return nil, err
	}
	s.Hash = hash(s)
	return s, nil
}

// sections reads what stands alone, and cuts out what depends on the rest.
func (r *reader) sections(root *yamlfile.Node, s *Scenario) document {
	doc := document{places: map[string]source.Position{}}
	r.translate(root, "a scenario", othertools.InScenario)
	r.fields(root, "a scenario", r.scenarioFields(s, &doc))
	if root.Get("name") == nil {
		r.Fail(root.Pos, "add name: my-scenario", "a scenario needs a name")
	}
	for _, p := range root.Pairs {
		doc.places[p.Key] = p.Pos
	}
	s.LoadPos = doc.places["load"]
	if s.Title == "" {
		s.Title = s.Name
	}
	return doc
}

// scenarioFields is the table of a whole file.
func (r *reader) scenarioFields(s *Scenario, doc *document) []field {
	keep := func(to **yamlfile.Node) func(*yamlfile.Node) { return func(n *yamlfile.Node) { *to = n } }
	inLoad := func(key string) field {
		return refused(key, func(n *yamlfile.Node) {
			r.Fail(n.Pos, fmt.Sprintf("write load: {%s: …}", key), "%s is a key of load", key)
		})
	}
	table := []field{
		{"name", "Name of the scenario: small letters, digits and dashes.", either(yamlfile.AtMost(maxName, like(nameText.String())), integer(0, math.MaxInt64), scalar("boolean")), true, func(n *yamlfile.Node) { s.Name = r.scenarioName(n) }},
		{"title", "Heading in reports; the name when left out.", text, false, func(n *yamlfile.Node) { s.Title = r.Str(n, "title") }},
		{"description", "What the scenario measures, in a sentence.", text, false, func(n *yamlfile.Node) { s.Description = r.Str(n, "description") }},
		{"tags", "Words to select scenarios by.", listOf(text, 0), false, func(n *yamlfile.Node) { s.Tags = r.Strings(n, "tags") }},
		{"load", "How hard and how long the scenario is driven.", defined("load"), false, keep(&doc.load)},
		{"vars", "Constants, used as ${name}. Text may hold references itself.", namesTo(constant), false, keep(&doc.vars)},
		{"data", "Files of rows, whose columns are used as ${name.column}.", namesTo(defined("feeder")), false, keep(&doc.data)},
		{"setup", "Steps each virtual user runs once before its loop; never measured.", either(setupList, defined("setupRules")), false, func(n *yamlfile.Node) { doc.setup, s.SetupRules = n, r.setupRules(n) }},
		{"cookies", "Whether each virtual user sends back the cookies that were set: on or off; off when left out.", either(scalar("boolean"), oneOf([]string{"on", "off"})), false, func(n *yamlfile.Node) { s.Cookies = r.onOff(n) }},
		{"redirects", "Redirects that all steps follow at most, but those that say otherwise; none when left out.", integer(0, MaxRedirects), false, func(n *yamlfile.Node) { doc.redirects = r.Integer(n, "redirects", 0, MaxRedirects) }},
		{"before", "Steps each virtual user runs once before its loop, behind setup; never measured.", setupList, false, keep(&doc.before)},
		{"after", "Steps each virtual user runs once when all is measured; never measured.", setupList, false, keep(&doc.after)},
		{"teardown", "Steps that are sent once when all is measured, behind after; never measured.", setupList, false, keep(&doc.teardown)},
		{"flow", "Measured steps, all of them in order in each iteration.", listOf(defined("step"), 1), false, keep(&doc.flow)},
		{"mix", "Measured steps or journeys (flows with a name), one of them drawn by weight in each iteration.", listOf(either(defined("mix"), defined("journey")), 1), false, keep(&doc.mix)},
		{"request", "The one measured request: METHOD PATH, or a whole step.", either(requestLine, defined("request")), false, keep(&doc.request)},
		{compose.Include, "Files beside this one whose vars, data, headers, expectations, steps, setup and profiles are part of it.", orList(text), false, nil},
		{compose.Headers, "Headers of all steps; a step's own go before.", namesTo(text), false, nil},
		{compose.Expect, "What every answer must be; what a step expects goes before.", defined("expect"), false, nil},
		{compose.Steps, "Steps that others take over by their names, with use.", setupList, false, nil},
		{compose.Profiles, "Other loads and vars by name, for --profile.", namesTo(defined("profile")), false, r.profiles},
		{"tls", "What is asked of servers with https URLs, before the load.", defined("tls"), false, func(n *yamlfile.Node) { doc.tls = n }},
		{"grows", "What each iteration leaves behind, because it cannot be deleted.", listOf(text, 0), false, func(n *yamlfile.Node) { s.Grows = r.Strings(n, "grows") }},
		{"lint", "Why the scenario is what a rule of scenarios lint finds unwise, by the rule's name.", namesTo(text), false, func(n *yamlfile.Node) { s.Reasons = r.reasons(n) }},
		{"expected", "Documented figures; checked and shown, never needed to run.", defined("expected"), false, keep(&doc.expected)},
		{"objective", "What is to hold at the rate that taskbench capacity looks for: p95 < 20ms, errors < 0.1%.", like("[<>=]"), false, keep(&doc.objective)},
		{"overrides", "Where a target differs, by target name; shown in reports.", namesTo(defined("override")), false, keep(&doc.overrides)},
	}
	for _, key := range keysOf(r.loadFields(new(Load))) {
		table = append(table, inLoad(key))
	}
	return table
}

func (r *reader) scenarioName(n *yamlfile.Node) string {
	name := r.Str(n, "name")
	switch {
	case len(name) > maxName:
		r.Fail(n.Pos, "say the rest in title: and description:", "a scenario's name has at most %d letters, not %d", maxName, len(name))
	case name != "" && !nameText.MatchString(name):
		r.Fail(n.Pos, "use small letters, digits and dashes", "%q cannot be a scenario's name", name)
	}
	return name
}

// OfText loads a scenario that is in no file, and reads none. name is what
// errors and documents call it.
func OfText(name string, text []byte) (*Scenario, error) {
	return parse(name, text, "", func(string, int64) ([]byte, error) { return nil, fs.ErrNotExist })
}
