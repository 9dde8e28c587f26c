package secret

import (
	"strings"
	"testing"
)

func TestHideByName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`http://user:hunter2@127.0.0.1:80/x`:                    `http://***@127.0.0.1:80/x`,
		`{"token":"abc","user":"bob"}`:                          `{"token":"***","user":"bob"}`,
		`{"accessToken" : "a\"bc", "n": 1}`:                     `{"accessToken" : "***", "n": 1}`,
		`{"api_key": 12345, "n": 1}`:                            `{"api_key": ***, "n": 1}`,
		`{"password":"cut off h`:                                `{"password":"***`,
		`"{\"password\":\"hunter2\",\"a\":1}"`:                  `"{\"password\":\"***\",\"a\":1}"`,
		`{"session":"s3cr3t","key":"k3y"}`:                      `{"session":"***","key":"***"}`,
		"Authorization: Bearer abc\r\nAccept: */*":              "Authorization: ***\r\nAccept: */*",
		"set-cookie: sid=1; Path=/\nX-Api-Key: k\nHost: h":      "set-cookie: ***\nX-Api-Key: ***\nHost: h",
		`a=1&password=hunter2&b=2`:                              `a=1&password=***&b=2`,
		`DB_PASSWORD=hunter2 ./server --auth-token xyz -p 3000`: `DB_PASSWORD=*** ./server --auth-token *** -p 3000`,
		`wrong scheme: Basic dXNlcjpwYXNz was sent`:             `wrong scheme: Basic *** was sent`,
		`got eyJhbGciOi.eyJzdWIi.c2ln`:                          `got ***`,
		`step token: 3 tokens, key frames, json:token missing`:  `step token: 3 tokens, key frames, json:token missing`,
		`{"monkey":"banana","keyboard":"qwerty"}`:               `{"monkey":"banana","keyboard":"qwerty"}`,
		`mail me@example.org at http://example.org/@x`:          `mail me@example.org at http://example.org/@x`,
	} {
		var k Keeper
		if got := k.Hide(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
		if again := k.Hide(k.Hide(text)); again != want {
			t.Errorf("%s: twice hidden %s", text, again)
		}
		k.Show(true)
		if got := k.Hide(text); got != text {
			t.Errorf("%s: changed though nothing is to be hidden: %s", text, got)
		}
	}
}

func TestHideByValue(t *testing.T) {
	t.Parallel()
	var k Keeper
	k.Add(`p"ss wörd`, "abc", "4our", "longer-secret", "longer")
	for text, want := range map[string]string{
		`it was p"ss wörd`:                    `it was ***`,
		`x = "p\"ss wörd"`:                    `x = "***"`,
		`?p=p%22ss+w%C3%B6rd`:                 `?p=***`,
		`local p = "p\034ss w\195\182rd"`:     `local p = "***"`,
		`abc is too short, longer-secret not`: `abc is too short, *** not`,
		`4our is long enough`:                 `*** is long enough`,
	} {
		if got := k.Hide(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// FuzzHide holds the law: a known value is nowhere in what was hidden, and what
// was hidden stays as it is.
func FuzzHide(f *testing.F) {
	f.Add("hunter22", `{"a":"hunter22"}`)
	f.Fuzz(func(t *testing.T, value, text string) {
		if len(value) < shortest || strings.Contains(value, "*") {
			return
		}
		var k Keeper
		k.Add(value)
		if got := k.Hide(text + value); strings.Contains(got, value) {
			t.Errorf("%q is in %q", value, got)
		}
	})
}
