package cli

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
)

// manCommand prints the manual that the library makes of the commands and
// their flags.
func manCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:        "man",
		Usage:       "print the manual page",
		Description: "taskbench man | man -l -",
		Action: func(c *cli.Context) error {
			text, err := c.App.ToManWithSection(1)
			if err != nil {
				return fmt.Errorf("the manual page cannot be made: %w", err)
			}
			_, err = fmt.Fprint(p.Raw.Stdout, text)
			return err
		},
	}
}
