package console

import (
	"io"

	"github.com/urfave/cli/v2"

	"taskbench/internal/secret"
	"taskbench/internal/source"
)

// hiding passes text on without its secrets. Messages are written whole.
type hiding struct {
	w       io.Writer
	secrets *secret.Keeper
}

func (h hiding) Write(p []byte) (int, error) {
	if _, err := io.WriteString(h.w, source.Rewrite(string(p), h.secrets.Hide)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// RedactFlag is of every command that quotes or keeps what servers answered.
func RedactFlag() cli.Flag {
	return &cli.BoolFlag{Name: "no-redact", EnvVars: []string{"TASKBENCH_NO_REDACT"},
		Usage: "keep and show passwords, tokens and cookies as they are, to find a fault",
		Action: func(c *cli.Context, show bool) error {
			if keeper, ok := c.App.Metadata[KeeperKey].(*secret.Keeper); ok {
				keeper.Show(show)
			}
			return nil
		}}
}

// KeeperKey is where the application keeps the process's secrets.
const KeeperKey = "secrets"
