package order

import (
	"taskbench/internal/secret"
	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
)

// Learn makes known what the configuration and scenarios have of secrets.
func Learn(k *secret.Keeper, targets []server.Spec, loaded []*scenarios.Scenario) {
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

// AsConfigured puts back, into documents of a run to be gone on with, the
// commands and addresses that were stored without their secrets, where those of
// the configuration would be stored the same.
func AsConfigured(k *secret.Keeper, docs []*results.Document, targets []server.Spec, reset string) {
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
