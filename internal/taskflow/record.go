package taskflow

import (
	"encoding/json"
	"time"
)

// Records never change once made: a change replaces the record. So they can be
// read without the store's lock, and each is encoded as JSON only once.

type user struct {
	ID        int64   `json:"id"`
	Username  string  `json:"username"`
	Email     string  `json:"email"`
	FullName  *string `json:"full_name"`
	Role      string  `json:"role"`
	CreatedAt string  `json:"created_at"`

	hash []byte // bcrypt
	json []byte
}

type project struct {
	ID          int64   `json:"id"`
	OwnerID     int64   `json:"owner_id"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	CreatedAt   string  `json:"created_at"`
	UpdatedAt   string  `json:"updated_at,omitempty"` // Windjammer has none

	json []byte
}

type task struct {
	ID          int64   `json:"id"`
	ProjectID   int64   `json:"project_id"`
	Title       string  `json:"title"`
	Description *string `json:"description"`
	Status      string  `json:"status"`
	Priority    string  `json:"priority"`
	AssignedTo  *int64  `json:"assigned_to"`
	CreatedAt   string  `json:"created_at"`
	UpdatedAt   string  `json:"updated_at"`

	json []byte
}

type member struct {
	ProjectID int64  `json:"project_id"`
	UserID    int64  `json:"user_id"`
	Role      string `json:"role"`
	JoinedAt  string `json:"joined_at"`
}

func (u *user) record() []byte    { return u.json }
func (p *project) record() []byte { return p.json }
func (t *task) record() []byte    { return t.json }

var (
	roles      = []string{"owner", "admin", "member"}
	statuses   = []string{"todo", "in_progress", "done", "archived"}
	priorities = []string{"low", "medium", "high", "critical"}
)

// encode is json.Marshal for the types of this package, which cannot fail.
func encode(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic("taskflow: record does not encode: " + err.Error())
	}
	return text
}

// stamp prints a time as the servers do: RFC 3339, UTC, microseconds.
func stamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// array joins encoded records into a JSON array.
func array[R interface{ record() []byte }](records []R) []byte {
	size := 2
	for _, r := range records {
		size += len(r.record()) + 1
	}
	out := append(make([]byte, 0, size), '[')
	for i, r := range records {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, r.record()...)
	}
	return append(out, ']')
}
