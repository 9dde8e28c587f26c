package k6test

import (
	"os/exec"
	"strings"
	"testing"
)

func TestPathIsOfK6(t *testing.T) {
	out, err := exec.Command(Path(t), "version").Output()
	if err != nil || !strings.HasPrefix(string(out), "k6 v") {
		t.Errorf("%q, %v: that is no k6", out, err)
	}
}
