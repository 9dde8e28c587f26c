package cli

import (
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/secret"
	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
)

// redactFlag is of every command that quotes or keeps what servers answered.
func redactFlag() cli.Flag {
	return &cli.BoolFlag{Name: "no-redact", EnvVars: []string{"TASKBENCH_NO_REDACT"},
		Usage: "keep and show passwords, tokens and cookies as they are, to find a fault",
		Action: func(c *cli.Context, show bool) error {
			if keeper, ok := c.App.Metadata[keeperKey].(*secret.Keeper); ok {
				keeper.Show(show)
			}
			return nil
		}}
}

// keeperKey is where the application keeps the process's secrets.
const keeperKey = "secrets"

// hiding passes text on without its secrets. Messages are written whole.
type hiding struct {
	w       io.Writer
	secrets *secret.Keeper
}

func (h hiding) Write(p []byte) (int, error) {
	if _, err := io.WriteString(h.w, h.secrets.Hide(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// learnTargets makes known what the configuration has of secrets.
func learnTargets(k *secret.Keeper, targets []server.Spec) {
	for _, t := range targets {
		if u, err := url.Parse(t.URL); err == nil {
			if password, has := u.User.Password(); has {
				k.Add(password)
			}
		}
		for name, value := range t.Env {
			if secret.IsName(name) {
				k.Add(value)
			}
		}
	}
}

// learnScenario makes known what a scenario sends of secrets: variables, data
// columns and headers of such names, and whatever comes from the environment.
func learnScenario(k *secret.Keeper, s *scenarios.Scenario) {
	for name, value := range s.Vars {
		if text, ok := value.(string); ok && secret.IsName(name) {
			k.Add(text)
		}
	}
	for _, f := range s.Data {
		for i, column := range f.Columns {
			if !secret.IsName(column) {
				continue
			}
			for _, row := range f.Rows {
				k.Add(row[i])
			}
		}
	}
	for _, step := range slices.Concat(s.Setup, s.Steps) {
		learnStep(k, step)
	}
}

func learnStep(k *secret.Keeper, step scenarios.Step) {
	learnEnvironment(k, step.Path)
	learnEnvironment(k, step.Body.Content)
	for _, h := range step.Headers {
		learnEnvironment(k, h.Value)
		if !secret.IsName(h.Name) {
			continue
		}
		for _, part := range h.Value {
			for _, word := range strings.Fields(part.Literal) {
				if !slices.Contains([]string{"bearer", "basic", "token", "digest"}, strings.ToLower(word)) {
					k.Add(word)
				}
			}
		}
	}
}

func learnEnvironment(k *secret.Keeper, t scenarios.Template) {
	for _, part := range t {
		if part.Ref != nil && part.Ref.Kind == scenarios.RefBuiltin && part.Ref.Name == "env" && len(part.Ref.Args) > 0 {
			k.Add(os.Getenv(part.Ref.Args[0]))
		}
	}
}

// asConfigured puts back, into documents of a run to be gone on with, the
// commands and addresses that were stored without their secrets, where those of
// the configuration would be stored the same.
func asConfigured(k *secret.Keeper, docs []*results.Document, targets []server.Spec, reset string) {
	restore := func(stored *string, configured string) {
		if k.Hide(configured) == *stored {
			*stored = configured
		}
	}
	for _, d := range docs {
		restore(&d.Plan.Reset, reset)
		for _, t := range targets {
			if t.Name == d.Implementation {
				restore(&d.Target.URL, t.URL)
				restore(&d.Target.Start, t.Start)
			}
		}
	}
}
