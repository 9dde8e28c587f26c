package doctor

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"taskbench/internal/source"
)

// CountTables counts those of TaskFlow in a database, of which there are AllTables.
const (
	CountTables = `SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name IN ('users', 'projects', 'project_members', 'tasks')`
	AllTables   = "4"
)

// psqlPatience bounds how long a database is waited for.
const psqlPatience = 10 * time.Second

// Ask has the user's own psql ask a database a question, and returns its answer
// as one line. taskbench itself speaks to no database.
func Ask(ctx context.Context, url, question string) (string, error) {
	path, err := exec.LookPath("psql")
	if err != nil {
		return "", source.WithHint(fmt.Errorf("psql is not installed"), "apt-get install postgresql-client")
	}
	ctx, cancel := context.WithTimeout(ctx, psqlPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--no-password", "--command", question, url)
	cmd.Env = append(os.Environ(), "PGCONNECT_TIMEOUT=5")
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		text, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		if text == "" {
			text = err.Error()
		}
		return "", fmt.Errorf("%s", strings.TrimPrefix(text, "psql: error: "))
	}
	return strings.TrimSpace(out.String()), nil
}
