package taskflow

import (
	"encoding/json"
	"time"
)

// Records never change once made: a change replaces the record. So they can be
// read without a store's lock, and a store that keeps them encodes each only once.

// User is an account. Times are RFC 3339 in UTC.
type User struct {
	ID        int64   `json:"id"`
	Username  string  `json:"username"`
	Email     string  `json:"email"`
	FullName  *string `json:"full_name"`
	Role      string  `json:"role"`
	CreatedAt string  `json:"created_at"`

	Hash []byte `json:"-"` // bcrypt
	json []byte
}

// Project belongs to one user; others see it as members.
type Project struct {
	ID          int64   `json:"id"`
	OwnerID     int64   `json:"owner_id"`
	Name        string  `json:"name"`
	Description *string `json:"description"`
	CreatedAt   string  `json:"created_at"`
	UpdatedAt   string  `json:"updated_at,omitempty"` // not in every dialect

	json []byte
}

// Task belongs to a project.
type Task struct {
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

// Member is a user's place in a project.
type Member struct {
	ProjectID int64  `json:"project_id"`
	UserID    int64  `json:"user_id"`
	Role      string `json:"role"`
	JoinedAt  string `json:"joined_at"`
}

// text is a record as JSON, from a store that keeps it or made now.

func (u *User) text(Dialect) []byte { return kept(u.json, u) }
func (t *Task) text(Dialect) []byte { return kept(t.json, t) }

func (p *Project) text(d Dialect) []byte {
	if p.json == nil && d.manners().noUpdatedAt {
		bare := *p
		bare.UpdatedAt = ""
		p = &bare
	}
	return kept(p.json, p)
}

func kept(text []byte, record any) []byte {
	if text != nil {
		return text
	}
	return encode(record)
}

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

// Stamp prints a time as the servers do: RFC 3339, UTC, microseconds.
func Stamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// array joins records into a JSON array.
func array[R interface{ text(Dialect) []byte }](d Dialect, records []R) []byte {
	texts := make([][]byte, len(records))
	size := 2
	for i, r := range records {
		texts[i] = r.text(d)
		size += len(texts[i]) + 1
	}
	out := append(make([]byte, 0, size), '[')
	for i, text := range texts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, text...)
	}
	return append(out, ']')
}
