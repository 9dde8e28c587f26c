package cli

import (
	"io"

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

// learn makes known what the configuration and scenarios have of secrets.
func learn(k *secret.Keeper, targets []server.Spec, loaded []*scenarios.Scenario) {
	for _, t := range targets {
		for _, value := range t.Secrets(secret.IsName) {
			k.Add(value)
		}
	}
	for _, s := range loaded {
		for _, value := range s.Secrets(secret.IsName) {
			k.Add(value)
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
