package secret

import (
	"encoding/json"
	"strings"
	"testing"
)

// What stands beside a name is hidden however the two are written.
func TestHidesHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	var k Keeper
	for _, text := range []string{
		`<password>hunter2</password>`, `<s:apiKey type="x">hunter2</s:apiKey>`, `<user password="hunter2"/>`, `<user password='hunter2'/>`,
		`password: hunter2`, `level=info Password: hunter2 user=x`, `db_password: "hunter2"`, `secret: 'hunter2'`, `access_token: hunter2`,
		`password = hunter2`, `password="hunter2 more"`, `:password=>"hunter2"`, `{'password': 'hunter2'}`,
		`"tokens":["hunter2","hunter2"]`, `"password":{"value":"hunter2"}`, `{\"token\":[\"hunter2\"]}`, `"tokens":["hunter2`,
		`/x?key=hunter2`, `/x?a=b&sid=hunter2`, `/x?auth=hunter2`, `/x?session=hunter2`, `--user=x --pass=hunter2`, `"pass":"hunter2"`, `"jwt":"hunter2"`,
		`{Authorization: "ApiKey hunter2"}`, `Authorization:hunter2`, `Cookie:sid=hunter2`, `cookie: hunter2`, `password: no-hunter2`, `password: hunter2${x}`,
		"-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----", `"k":"-----BEGIN PRIVATE KEY-----\nhunter2\n"`,
	} {
		if got := k.Hide(text); strings.Contains(got, "hunter2") || !strings.Contains(got, Hidden) {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// What is no secret stays, and JSON stays JSON.
func TestLeavesTheRest(t *testing.T) {
	t.Parallel()
	var k Keeper
	for _, text := range []string{
		`unexpected token: }`, `{"a":"token=","b":"c"}`, `{"a":["password="],"b":"c"}`, `password: ${password}`, `capture: {token: data.token}`,
		`headers: {Authorization: "Bearer ${token"}`, `headers: {Authorization: Bearer ${token}, Accept: "*/*"}`, `{Cookie: "session=${sess}"}`, `/x?token=${token}&a=1`,
		`json: {"password": "${password}"}`, `<password>${p}</password>`, `--token ${TOKEN}`, `write it like header:Location or cookie:session`, `capture: {sid: cookie:session}`,
		`/etc/passwd: neither an export of critcmp nor of cargo-criterion`, `open secret: no such file or directory`, `cannot read "password": it is no plain file but a pipe`,
		`open /run/api_key: permission denied`, `password: must be text, not a list`,
		`monkey=1`, `x == y`, `passed=3`, `author=me`, `the passwords are long`,
	} {
		if got := k.Hide(text); got != text {
			t.Errorf("%s: %s", text, got)
		}
	}
	for _, text := range []string{`{"tokens":["a","b"],"c":{"password":{"x":1}}}`, `{"a":"{\"token\":[\"x\"]}"}`, `{"a":"password=\"x y\""}`, `{"a":"password: x","b":1}`} {
		if got := k.Hide(text); !json.Valid([]byte(got)) || got == text {
			t.Errorf("%s: %s is JSON no more, or unchanged", text, got)
		}
	}
}
