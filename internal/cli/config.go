package cli

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/urfave/cli/v2"

	"taskbench/internal/config"
)

func configCommand(p Process) *cli.Command {
	flags := append(append(targetFlags(), loadFlags()...), resultsFlag(), formatOf("yaml", "json"),
		&cli.BoolFlag{Name: "schema", Usage: "print the JSON Schema of taskbench.yaml instead, for editors"})
	return &cli.Command{
		Name:        "config",
		Usage:       "print the effective configuration: flags over environment over taskbench.yaml over defaults",
		Description: "The output is itself a valid taskbench.yaml; JSON has the same keys.",
		Flags:       flags,
		Action: func(c *cli.Context) error {
			if c.Bool("schema") {
				return printSchema(p.Stdout, config.JSONSchema)
			}
			cfg, err := settings(c)
			if err != nil {
				return err
			}
			if !asJSON(c) {
				return cfg.Write(p.Stdout)
			}
			var text bytes.Buffer
			if err := cfg.Write(&text); err != nil {
				return err
			}
			converted, err := yaml.YAMLToJSON(text.Bytes())
			if err != nil {
				return fmt.Errorf("the configuration cannot be written as JSON: %w", err)
			}
			return writeJSON(p.Stdout, json.RawMessage(converted))
		},
	}
}
