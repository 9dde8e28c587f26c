package scenarios

import (
	"slices"
	"strings"
	"testing"
)

// What is called a secret, or comes from the environment, is one; the rest is not.
func TestSecrets(t *testing.T) {
	t.Setenv("WHO_ASKS", "from-outside")
	s := mustLoad(t, `
name: x
vars: {password: p4ss, colour: blue}
data: {people: {file: people.csv}}
setup:
  - {name: in, request: "POST /in?as=${env(WHO_ASKS)}", body: "${env(WHO_ASKS)}"}
flow:
  - {name: a, request: GET /, headers: {Authorization: "Bearer abc.def", X-Colour: red}}
`, "people.csv", "email,token\na@x,t0ken\n")
	got := s.Secrets(func(name string) bool {
		return slices.Contains([]string{"password", "token", "authorization"}, strings.ToLower(name))
	})
	slices.Sort(got)
	if want := []string{"abc.def", "from-outside", "p4ss", "t0ken"}; !slices.Equal(slices.Compact(got), want) {
		t.Errorf("%q, want %q", got, want)
	}
}
