package lua

import (
	"net/http"
	"testing"
	"time"
)

// TestDryRunsAreTold holds ${run} to being another one each time: a name that
// was registered by one check is taken for the next, also within one second.
func TestDryRunsAreTold(t *testing.T) {
	t.Setenv("TASKBENCH_RUN", "")
	t.Setenv("TASKBENCH_TEST_VALUE", "v")
	seen := map[string]bool{}
	const runs = 20
	for range runs {
		first := ""
		_, err := DryRun(load(t, "everything"), Options{URL: "http://127.0.0.1:99"}, func(raw []byte) (int, http.Header, []byte, error) {
			r := readRequest(t, raw)
			if first == "" {
				first = r.body
			}
			status, header, body := everything(r)
			return status, header, []byte(body), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		user, _ := object(t, first)["user"].(string)
		seen[user] = true
		time.Sleep(2 * time.Millisecond) // runs are told apart by milliseconds
	}
	if len(seen) != runs {
		t.Errorf("%d runs gave %d users: %v", runs, len(seen), seen)
	}
}
