package lua

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func hmacOf(key, text string) string {
	sum := hmac.New(sha256.New, []byte(key))
	sum.Write([]byte(text))
	return hex.EncodeToString(sum.Sum(nil))
}

func base64Of(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

func yamlQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// checkTimes looks at what TestNow had sent a moment ago.
func checkTimes(t *testing.T, body string) {
	t.Helper()
	var got []any
	if err := json.Unmarshal([]byte(body), &got); err != nil || len(got) != 10 {
		t.Fatalf("%v in %s", err, body)
	}
	near := func(what string, at time.Time, precision time.Duration) {
		t.Helper()
		if d := time.Since(at); d < -precision || d > time.Minute+precision {
			t.Errorf("%s is %s ago", what, d)
		}
	}
	parsed := func(layout string, i int) time.Time {
		t.Helper()
		text, _ := got[i].(string)
		at, err := time.Parse(layout, strings.TrimPrefix(text, "at "))
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
		return at
	}
	seconds := func(i int, unit time.Duration) time.Time {
		n, _ := got[i].(float64)
		return time.Unix(0, int64(n)*int64(unit))
	}
	const day = 24 * time.Hour
	near("iso", parsed("2006-01-02T15:04:05.000Z", 0), time.Second)
	near("an hour from now", parsed("2006-01-02T15:04:05.000Z", 1).Add(-time.Hour), time.Second)
	near("a day and a half ago", parsed(time.DateOnly, 2).Add(day+12*time.Hour+30*time.Minute), day)
	near("http", parsed(http.TimeFormat, 3), time.Second)
	near("a pattern", parsed("02.01.2006 15:04", 4), time.Minute)
	near("90 s from now", seconds(5, time.Second).Add(-90*time.Second), time.Second)
	near("1.5 s ago", seconds(6, time.Millisecond).Add(1500*time.Millisecond), time.Second)
	near("now", seconds(7, time.Second), time.Second)
	near("a millisecond from now", seconds(8, time.Second), time.Second)
	near("a day in text", parsed(time.DateOnly, 9), day)
}
