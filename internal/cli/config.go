package cli

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
)

func configCommand(p console.Process) *cli.Command {
	flags := append(append(order.TargetFlags(), order.LoadFlags()...), documents.Flag(), console.FormatOf("yaml", "json"),
		&cli.BoolFlag{Name: "schema", Usage: "print the JSON Schema of taskbench.yaml instead, for editors"})
	return &cli.Command{
		Name:        "config",
		Usage:       "print the effective configuration: flags over environment over taskbench.yaml over defaults",
		Description: "The output is itself a valid taskbench.yaml; JSON has the same keys.",
		Flags:       flags,
		Action: func(c *cli.Context) error {
			if c.Bool("schema") {
				return console.PrintSchema(p.Stdout, config.JSONSchema)
			}
			cfg, err := order.Settings(c)
			if err != nil {
				return err
			}
			if !console.AsJSON(c) {
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
			return console.WriteJSON(p.Stdout, json.RawMessage(converted))
		},
	}
}
