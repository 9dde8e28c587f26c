package taskflow

import (
	"errors"
	"net/http"
	"strconv"
)

// reply is an answer before it is written. A reply without a body has no
// Content-Type.
type reply struct {
	status int
	body   []byte
}

func object(status int, body []byte) reply { return reply{status, body} }

func message(text string) reply {
	return reply{http.StatusOK, encode(map[string]string{"message": text})}
}

func refusal(status int, text string) reply {
	return reply{status, encode(map[string]string{"error": text})}
}

// Header values that every answer shares, so that none is made per request.
var (
	jsonType     = []string{"application/json"}
	serverHeader = []string{"taskbench-reference/" + version}
)

// write sends a reply with its length, so that no answer is chunked.
func (a reply) write(w http.ResponseWriter) {
	h := w.Header()
	h["Server"] = serverHeader
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // fails only when the client has gone
}

// Where the two servers answer differently.

// gone answers a deletion or a logout.
func (d Dialect) gone(text string) reply {
	if d == Rust {
		return reply{status: http.StatusNoContent}
	}
	return message(text)
}

// changed answers with what was made of an object: Rust with the object,
// Windjammer with a plain message.
func (d Dialect) changed(status int, body []byte, text string) reply {
	if d == Rust {
		return object(status, body)
	}
	return reply{status, message(text).body}
}

// unauthorized answers a request without an Authorization header.
func (d Dialect) unauthorized() reply {
	if d == Rust {
		return refusal(http.StatusBadRequest, "missing authorization header")
	}
	return refusal(http.StatusUnauthorized, "missing authorization header")
}

// refuse turns what the store refuses into an answer.
func (d Dialect) refuse(err error) reply {
	return refusal(d.statusOf(err), err.Error())
}

func (d Dialect) statusOf(err error) int {
	switch {
	case errors.Is(err, errNoSuchUser), errors.Is(err, errNoSuchProject),
		errors.Is(err, errNoSuchTask), errors.Is(err, errNoSuchMember):
		return http.StatusNotFound
	case errors.Is(err, errProjectAccess) && d == Windjammer:
		return http.StatusNotFound
	case errors.Is(err, errProjectAccess), errors.Is(err, errTaskAccess),
		errors.Is(err, errNotOwner), errors.Is(err, errNotSelf), errors.Is(err, errSeededUserGone):
		return http.StatusForbidden
	case errors.Is(err, errUsernameTaken), errors.Is(err, errEmailTaken):
		return http.StatusBadRequest
	default: // a member twice breaks a primary key on the real servers
		return http.StatusInternalServerError
	}
}
