package cli

import (
	"bytes"
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"text/template"

	"github.com/urfave/cli/v2"

	"taskbench/internal/check"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/scenarios"
	"taskbench/scenarios/ofurls"
)

//go:embed init/taskbench.yaml
var sampleConfigText string

var sampleConfig = template.Must(template.New(config.FileName).Funcs(template.FuncMap{"yaml": yamlText}).Parse(sampleConfigText))

//go:embed init/sample.yaml
var sampleScenario []byte

func initCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:  "init",
		Usage: "write a commented taskbench.yaml and a sample scenario into this folder",
		Description: "With --target, they are for your servers: the scenario is one GET of each URL's path, and expects the status\n" +
			"that they answer now, unless that is an error. With --suite taskflow, they are for the two TaskFlow servers, with a script that resets their databases\n" +
			"before every trial. Nothing that exists is overwritten.",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "target", Usage: "a server, as `[NAME=]URL`, perhaps with a path; repeat for more, the baseline first"},
			&cli.StringFlag{Name: "suite", Usage: "the servers of a built-in suite, `NAME`: taskflow"},
			&cli.StringFlag{Name: "database", EnvVars: []string{"DATABASE_URL"}, Value: usualDatabase, Usage: "with --suite: `URL` of the database; every target gets one of its own, with its name at the end"},
			&cli.BoolFlag{Name: "allow-remote", Usage: "ask servers beyond this machine and private networks, too"},
			console.FormatOf("text", "json"),
		},
		Action: func(c *cli.Context) error { return initialize(c, p) },
	}
}

// sample is a configuration with a scenario.
type sample struct {
	config, scenario []byte
	name             string   // of the scenario
	notes            []string // what its reader should know
	remarks          []string // the same, for whoever reads the scenario
}

// newFile is a file that init writes.
type newFile struct {
	path string
	text []byte
	mode fs.FileMode
}

func initialize(c *cli.Context, p console.Process) error {
	files, notes, next, err := filesToWrite(c)
	if err != nil {
		return err
	}
	for _, f := range files {
		if _, err := os.Lstat(f.path); err == nil {
			return source.WithHint(fmt.Errorf("%s is already there", f.path), "move it away first, or edit it: nothing was changed")
		}
	}
	var wrote writtenFiles
	for _, f := range files {
		if err := writeNew(f); err != nil {
			return err
		}
		wrote.Wrote = append(wrote.Wrote, f.path)
	}
	for _, note := range notes {
		fmt.Fprintln(p.Stderr, note)
	}
	if console.AsJSON(c) {
		return console.WriteJSON(p.Stdout, wrote)
	}
	for _, path := range wrote.Wrote {
		fmt.Fprintf(p.Stdout, "wrote %s\n", path)
	}
	fmt.Fprintf(p.Stdout, "next: %s\n", next)
	return nil
}

// filesToWrite are what the flags ask for, what their reader should know, and
// what to do with them.
func filesToWrite(c *cli.Context) (files []newFile, notes []string, next string, err error) {
	if c.IsSet("suite") {
		if c.IsSet("target") {
			return nil, nil, "", console.BadFlag("--suite has its own targets: give it or --target")
		}
		files, notes, err = suiteFiles(c)
		return files, notes, "taskbench doctor, taskbench check --live, then taskbench run", err
	}
	s, err := newSample(c, c.StringSlice("target"))
	path := filepath.Join(order.ScenariosFolder, s.name+".yaml")
	files = []newFile{{config.FileName, s.config, 0o644}, {path, s.scenario, 0o644}}
	return files, s.notes, fmt.Sprintf("taskbench check %s --live, then taskbench run %s", path, path), err
}

// newSample is a configuration of servers with a scenario of one GET of each;
// without words, one of TaskFlow's servers with a flow of its own.
func newSample(c *cli.Context, words []string) (sample, error) {
	s := sample{scenario: sampleScenario, name: "sample"}
	var targets []server.Spec
	for _, t := range config.Default().Targets {
		t.Ready = "/health"
		targets = append(targets, t)
	}
	if len(words) > 0 {
		sites, err := targetSites(words)
		if err != nil {
			return s, err
		}
		targets = order.TargetsAt(sites)
		text := ofurls.Text(order.GetsOf(sites), s.statuses(c, sites))
		made, err := scenarios.OfText(order.ScenariosFolder, text)
		if err != nil {
			return s, err
		}
		s.name = made.Name
		about := "# A scenario: what virtual users send, and what they expect back. Every key is\n# explained in docs/scenarios.md.\n"
		for _, remark := range s.remarks {
			about += "# " + remark + "\n"
		}
		s.scenario = append([]byte(about), text...)
	}
	var b bytes.Buffer
	err := sampleConfig.Execute(&b, map[string]any{"Targets": targets, "Baseline": targets[0].Name})
	s.config = b.Bytes()
	return s, err
}

// targetSites reads --target words.
func targetSites(words []string) ([]order.Site, error) {
	for _, word := range words {
		if !order.UrlWord.MatchString(word) {
			return nil, order.UsageHint("write it like --target old=http://localhost:3000/health, or without old=", "--target %s is not a URL, nor NAME=URL", word)
		}
	}
	return order.SitesOf(words)
}

// statuses are what the servers answer now. One that says that something is
// wrong is told and not expected; so is a server that could not be asked.
func (s *sample) statuses(c *cli.Context, sites []order.Site) []int {
	ask, err := order.GetScenario(sites)
	if err != nil {
		return nil // which making the sample says
	}
	var found []int
	for _, t := range order.TargetsAt(sites) {
		t.Remote = c.Bool("allow-remote")
		visits, err := check.All(c.Context, []server.Spec{t}, check.How{}, []*scenarios.Scenario{ask})
		if err = cmp.Or(err, firstError(visits)); err != nil {
			s.notes = append(s.notes, fmt.Sprintf("%v\nnote: what %s answers is not known: the sample expects the status of the others, or any below 400", err, t.Name))
			s.remark("%s could not be asked when this was written.", t.Name)
			continue
		}
		if len(visits[0][0].Answers) == 0 {
			continue
		}
		answer := visits[0][0].Answers[0]
		if answer.Status < http.StatusBadRequest {
			found = append(found, answer.Status)
			continue
		}
		s.notes = append(s.notes, fmt.Sprintf("note: %s answers status %d, which the sample does not expect: is that the page you mean? If so, write expect: {status: %d}", t.Name, answer.Status, answer.Status))
		s.remark("%s answered status %d when this was written, which is not expected here.", t.Name, answer.Status)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// remark keeps a sentence for the scenario's reader.
func (s *sample) remark(format string, args ...any) {
	s.remarks = append(s.remarks, fmt.Sprintf(format, args...))
}

func firstError(visits [][]check.Visit) error {
	if len(visits) == 0 {
		return nil
	}
	return visits[0][0].Err
}

var plainKey = regexp.MustCompile(`^(/|[a-z][a-z0-9_-]*$)[A-Za-z0-9/._~-]*$`)

// yamlText is text in quotes where it could be read as something else.
func yamlText(text string) string {
	if plainKey.MatchString(text) && !slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, text) {
		return text
	}
	return strconv.Quote(text)
}

// writtenFiles is what `init` prints as JSON.
type writtenFiles struct {
	Wrote []string `json:"wrote"`
}

// writeNew creates a file and refuses to touch one that is there.
func writeNew(file newFile) error {
	if err := os.MkdirAll(filepath.Dir(file.path), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(file.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, file.mode)
	if errors.Is(err, fs.ErrExist) {
		return source.WithHint(fmt.Errorf("%s is already there", file.path), "move it away first, or edit it: nothing was changed")
	}
	if err != nil {
		return err
	}
	_, err = f.Write(file.text)
	return errors.Join(err, f.Close())
}
