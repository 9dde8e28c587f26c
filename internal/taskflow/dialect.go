package taskflow

import (
	"fmt"
	"net/http"
	"strings"
)

// Dialect is one of the ways in which published TaskFlow servers answer. The
// zero value is Rust.
type Dialect int

const (
	// Rust answers 204 without a body to deletions, and objects to updates.
	Rust Dialect = iota
	// Windjammer is the server that TaskFlow's documents describe: deletions
	// answer 200 with a message, so do changes of projects; login is by e-mail.
	Windjammer
	// Windjammer016 is the Windjammer server of 0.16, which answers as Rust does.
	Windjammer016
	// Windjammer018 is that of 0.17 and 0.18: every change is answered with a
	// message, tasks are created "open", a search is for a text, and a token is
	// taken without the word Bearer.
	Windjammer018
)

// manner is all in which a dialect differs from Rust's.
type manner struct {
	name string

	messages     bool // deletions and logout answer 200 with a message, and so do changes of projects and members
	taskMessages bool // changes of tasks, too
	byEmail      bool // login
	noUpdatedAt  bool // projects have none
	hides        bool // what one may not see is 404
	users        bool // are listed, changed and deleted
	anonymous401 bool // a request without a token, which is 400 otherwise
	bareToken    bool // the header Authorization is the token, without "Bearer "
	addedAt      bool // a new member's message says when
	opensTasks   bool // every new task has the status "open"
	searchByText bool // ?q=, at most 50; the other filters are not read
}

var manners = [...]manner{
	Rust:          {name: "rust"},
	Windjammer:    {name: "windjammer", messages: true, byEmail: true, noUpdatedAt: true, hides: true, users: true, anonymous401: true},
	Windjammer016: {name: "windjammer-0.16"},
	Windjammer018: {name: "windjammer-0.18", messages: true, taskMessages: true, byEmail: true, noUpdatedAt: true, hides: true, users: true,
		anonymous401: true, bareToken: true, addedAt: true, opensTasks: true, searchByText: true},
}

func (d Dialect) manners() *manner { return &manners[d] }

func (d Dialect) known() bool { return d >= 0 && int(d) < len(manners) }

// String is the dialect's name as ParseDialect reads it.
func (d Dialect) String() string { return d.manners().name }

// ParseDialect reads the name of a dialect, in any case; 0.17 is a name of 0.18's.
func ParseDialect(text string) (Dialect, error) {
	if strings.EqualFold(text, "windjammer-0.17") {
		return Windjammer018, nil
	}
	for d, m := range manners {
		if strings.EqualFold(text, m.name) {
			return Dialect(d), nil
		}
	}
	return 0, fmt.Errorf("unknown dialect %q: write %s", text, DialectNames())
}

// DialectNames lists the dialects as a sentence does.
func DialectNames() string {
	names := make([]string, len(manners))
	for i, m := range manners {
		names[i] = m.name
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// gone answers a deletion or a logout.
func (d Dialect) gone(text string) reply {
	if d.manners().messages {
		return message(text)
	}
	return reply{status: http.StatusNoContent}
}

// changed answers with what was made of a project or a member, or with a plain message.
func (d Dialect) changed(status int, body []byte, text string) reply {
	if d.manners().messages {
		return reply{status, message(text).body}
	}
	return object(status, body)
}

// joined answers with a new member, or with a plain message.
func (d Dialect) joined(m Member) reply {
	if d.manners().addedAt {
		return reply{http.StatusCreated, encode(map[string]string{"message": "member added", "added_at": m.JoinedAt})}
	}
	return d.changed(http.StatusCreated, encode(m), "member added")
}

// unauthorized answers a request without an Authorization header.
func (d Dialect) unauthorized() reply {
	status := http.StatusBadRequest
	if d.manners().anonymous401 {
		status = http.StatusUnauthorized
	}
	return refusal(status, "missing authorization header")
}

// token takes a token out of the header Authorization; ok is false where none can be in it.
func (d Dialect) token(header string) (token string, ok bool) {
	if d.manners().bareToken {
		return header, true
	}
	return strings.CutPrefix(header, "Bearer ")
}
