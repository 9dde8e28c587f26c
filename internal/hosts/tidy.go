package hosts

import (
	"context"
	"time"

	"taskbench/internal/shell"
)

// tidyTime is how long the end of a run waits for a host that was lost in it.
const tidyTime = 5 * time.Second

// reconnect connects to a host again where the connection was lost, and removes what
// may be left there of the one before.
func (m *member) reconnect(ctx context.Context) error {
	select {
	case <-m.line.gone:
	default:
		return nil
	}
	left := m.line.folder
	if err := m.connect(ctx); err != nil {
		return err
	}
	_, err := m.line.ask(ctx, "tidy "+shell.Quote(left))
	return err
}

// close ends what runs on a host. Its shell does that itself, however the connection
// ends, unless it was killed with its guard: one that is gone is looked after once
// more. A host that cannot be reached has to do it alone.
func (m *member) close() {
	ctx, cancel := context.WithTimeout(context.Background(), tidyTime)
	defer cancel()
	_ = m.reconnect(ctx)
	m.line.close()
}
