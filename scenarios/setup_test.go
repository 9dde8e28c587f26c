package scenarios

import "testing"

// A setup is a list of steps, or has one beside the rules by which they are run.
func TestSetupRules(t *testing.T) {
	t.Parallel()
	steps := `[{name: a, request: POST /a, capture: {token: token}}]`
	flow := "\nflow: [{name: b, request: \"GET /${token}\"}]"
	list, err := loadText("name: x\nsetup: " + steps + flow)
	if err != nil || len(list.Setup) != 1 || list.SetupRules != (SetupRules{}) {
		t.Fatal(list, err)
	}
	ruled, err := loadText("name: x\nsetup: {at_once: 7, retries: 2, keep: false, steps: " + steps + "}" + flow)
	if err != nil || len(ruled.Setup) != 1 {
		t.Fatal(err)
	}
	if r := ruled.SetupRules; r.AtOnce != 7 || r.Retries != 2 || r.Once || r.Keep == nil || *r.Keep {
		t.Errorf("%+v", r)
	}
	if ruled.Hash != list.Hash {
		t.Error("how a setup is run changes nothing of what is measured")
	}
	once, err := loadText("name: x\nsetup: {once: true, steps: " + steps + "}" + flow)
	if err != nil || !once.SetupRules.Once || once.Hash == list.Hash {
		t.Errorf("one token for all is another scenario: %v", err)
	}
}
