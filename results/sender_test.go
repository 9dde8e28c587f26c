package results

import "testing"

func TestSender(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]Document{
		"wrk on this machine alone":  {},
		"wrk2 on this machine alone": {Environment: Environment{WrkVersion: "wrk2 4.0.0"}}, // before engines were recorded
		"wrk on 1 other host":        {Plan: Plan{Engine: "wrk", Hosts: 1}, Environment: Environment{WrkVersion: "4.1.0 [epoll]"}},
		"k6 on 3 hosts":              {Plan: Plan{Engine: "k6", Hosts: 3}, Environment: Environment{WrkVersion: "k6 1.8.1"}},
		"wrk in 2 processes":         {Plan: Plan{Hosts: 2}, Environment: Environment{Hosts: []Host{{Name: "local 1"}, {Name: "local 2"}}}},
		"wrk on 2 hosts":             {Plan: Plan{Hosts: 2}, Environment: Environment{Hosts: []Host{{Name: "bench@a"}, {Name: "local 1"}}}},
	} {
		if got := d.Sender(); got.String() != want {
			t.Errorf("%+v: %s, want %s", got, got, want)
		}
	}
	if (&Document{Plan: Plan{Engine: WithWrk}}).Sender() != (&Document{}).Sender() {
		t.Error("wrk by its name is another sender")
	}
}
