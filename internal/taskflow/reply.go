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

// one answers with a record, or with why there is none.
func one[R interface{ text(Dialect) []byte }](s *Server, status int) func(R, error) reply {
	return func(r R, err error) reply {
		if err != nil {
			return s.config.Dialect.refuse(err)
		}
		return object(status, r.text(s.config.Dialect))
	}
}

// all answers with a list of records.
func all[R interface{ text(Dialect) []byte }](s *Server) func([]R, error) reply {
	return func(records []R, err error) reply {
		if err != nil {
			return s.config.Dialect.refuse(err)
		}
		return object(http.StatusOK, array(s.config.Dialect, records))
	}
}

// refuse turns what the store refuses into an answer.
func (d Dialect) refuse(err error) reply {
	return refusal(d.statusOf(err), err.Error())
}

func (d Dialect) statusOf(err error) int {
	switch {
	case errors.Is(err, ErrNoSuchUser), errors.Is(err, ErrNoSuchProject),
		errors.Is(err, ErrNoSuchTask), errors.Is(err, ErrNoSuchMember):
		return http.StatusNotFound
	case errors.Is(err, ErrProjectAccess) && d.manners().hides:
		return http.StatusNotFound
	case errors.Is(err, ErrProjectAccess), errors.Is(err, ErrTaskAccess),
		errors.Is(err, ErrNotOwner), errors.Is(err, ErrNotSelf), errors.Is(err, ErrSeededUserGone):
		return http.StatusForbidden
	case errors.Is(err, ErrUsernameTaken), errors.Is(err, ErrEmailTaken):
		return http.StatusBadRequest
	default: // a member twice breaks a primary key on the real servers
		return http.StatusInternalServerError
	}
}
