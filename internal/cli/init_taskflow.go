package cli

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"text/template"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/internal/doctor"
	"taskbench/internal/files"
)

var (
	//go:embed init/taskflow.yaml
	taskflowConfigText string
	//go:embed init/taskflow-reset.sh
	taskflowResetText string

	taskflowConfig = template.Must(template.New(config.FileName).Funcs(template.FuncMap{"yaml": yamlText}).Parse(taskflowConfigText))
	taskflowReset  = template.Must(template.New(taskflowResetFile).Parse(taskflowResetText))
)

const (
	taskflowResetFile = "taskflow-reset.sh"
	usualDatabase     = "postgresql://postgres:postgres@localhost/taskflow"
)

// taskflowServer is one of the two as the configuration names it.
type taskflowServer struct {
	Name, URL, Port, Log     string
	Database                 *url.URL
	Start, Dir               string // "" where its folder is not here
	Usual, UsualDir, Missing string // for the comment in their place
}

// published is where the repository that holds both servers has them, and what
// it calls the program; by target.
var published = map[string]struct{ folder, built, manifest, build string }{
	"rust":       {"rust", "target/release", "Cargo.toml", "cargo build --release"},
	"windjammer": {"windjammer", "build/target/release", "wj.toml", "wj build src/main.wj --output build, and cargo build --release in build"},
}

// taskflowHomes are where the two folders are looked for.
var taskflowHomes = []string{"examples/taskflow", "taskflow", "."}

const publishedSchema = "rust/migrations/001_initial_schema.sql"

// suiteFiles are a configuration for TaskFlow's two servers and the script that resets them.
func suiteFiles(c *cli.Context) (files []newFile, notes []string, err error) {
	if name := c.String("suite"); name != "taskflow" {
		return nil, nil, console.Usagef(name, config.Suites, "there is no suite %q", name)
	}
	base, err := url.Parse(c.String("database"))
	if err != nil || base.Scheme != "postgres" && base.Scheme != "postgresql" || base.Path == "" || base.Path == "/" {
		return nil, nil, order.UsageHint("write it like "+usualDatabase, "--database is no URL of a PostgreSQL database")
	}
	home := taskflowHome()
	var servers []taskflowServer
	for _, t := range config.Default().Targets {
		s := serverIn(t.Name, t.URL, home)
		s.Database = databaseOf(c.Context, base, t.Name)
		servers = append(servers, s)
		if s.Start == "" {
			notes = append(notes, fmt.Sprintf("note: no folder of the %s server here: it must be running, with DATABASE_URL=%s", s.Name, s.Database.Redacted()))
		} else if _, err := os.Stat(filepath.Join(s.Dir, s.Start)); err != nil {
			notes = append(notes, fmt.Sprintf("note: the %s server is not built: in %s, %s", s.Name, s.Dir, published[s.Name].build))
		}
	}
	if password, set := base.User.Password(); set && password != "postgres" {
		notes = append(notes, "note: taskbench.yaml holds the password of the database: keep it where that may stand")
	}
	var yaml, reset bytes.Buffer
	if err := taskflowConfig.Execute(&yaml, map[string]any{"Servers": servers, "Reset": taskflowResetFile}); err != nil {
		return nil, nil, err
	}
	if err := taskflowReset.Execute(&reset, map[string]any{"Schema": path.Join(home, publishedSchema)}); err != nil {
		return nil, nil, err
	}
	return []newFile{{config.FileName, yaml.Bytes(), 0o644}, {taskflowResetFile, reset.Bytes(), 0o755}}, notes, nil
}

// taskflowHome is where the folders of both servers are, or would be.
func taskflowHome() string {
	for _, home := range taskflowHomes {
		for _, s := range published {
			if _, err := os.Stat(filepath.Join(home, s.folder, s.manifest)); err == nil {
				return home
			}
		}
	}
	return taskflowHomes[0]
}

// serverIn is a server as it would be started in its folder below home.
func serverIn(name, address, home string) taskflowServer {
	p := published[name]
	u, _ := url.Parse(address) // one of our own
	dir := path.Join(home, p.folder)
	s := taskflowServer{
		Name: name, URL: address, Port: u.Port(), Log: path.Join("logs", name+".log"),
		Usual: "./" + path.Join(p.built, "taskflow-api"), UsualDir: dir, Missing: p.build,
	}
	if text, err := files.Read(filepath.Join(dir, p.manifest), maxManifest); err == nil {
		s.Start, s.Dir = "./"+path.Join(p.built, packageName(text)), dir
	}
	return s
}

// maxManifest is how long, in bytes, a file may be that says what a program is called.
const maxManifest = 1 << 20

var nameLine = regexp.MustCompile(`(?m)^\[package\][^\[]*?^name *= *"([^"]+)"`)

// packageName is what a manifest of Cargo's form calls the program.
func packageName(manifest []byte) string {
	if m := nameLine.FindSubmatch(manifest); m != nil {
		return string(m[1])
	}
	return "taskflow-api"
}

// databaseOf is a target's own database: what one server writes must not be in
// the tables of the other. The common one is taken where it has TaskFlow's tables,
// and there is none of the target's own: servers that run already use it.
func databaseOf(ctx context.Context, base *url.URL, target string) *url.URL {
	own := *base
	own.Path += "_" + target
	if _, err := doctor.Ask(ctx, own.String(), "SELECT 1"); err == nil {
		return &own
	}
	if n, err := doctor.Ask(ctx, base.String(), doctor.CountTables); err == nil && n == doctor.AllTables {
		return base
	}
	return &own
}
