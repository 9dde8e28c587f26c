package cli

import (
	"github.com/urfave/cli/v2"
)

func configCommand(p Process) *cli.Command {
	flags := append(append(targetFlags(), loadFlags()...), resultsFlag())
	return &cli.Command{
		Name:        "config",
		Usage:       "print the effective configuration: flags over environment over taskbench.yaml over defaults",
		Description: "The output is itself a valid taskbench.yaml.",
		Flags:       flags,
		Action: func(c *cli.Context) error {
			cfg, err := settings(c)
			if err != nil {
				return err
			}
			return cfg.Write(p.Stdout)
		},
	}
}
