package taskflow

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"unicode/utf8"

	"golang.org/x/crypto/bcrypt"
)

// The user that exists from the start: the real servers act as user 1 whatever
// the token says, so user 1 must exist there as here.
const (
	seededUser     = 1
	SeededUsername = "taskbench"
	SeededEmail    = "taskbench@example.com"
	SeededPassword = "bench-Passw0rd"
)

// minPassword is the shortest password taken, in characters.
const minPassword = 8

type registration struct {
	Username string  `json:"username"`
	Email    string  `json:"email"`
	Password string  `json:"password"`
	FullName *string `json:"full_name"`
}

func (r registration) check() error {
	if err := required("username", r.Username, "email", r.Email, "password", r.Password); err != nil {
		return err
	}
	if utf8.RuneCountInString(r.Password) < minPassword {
		return fmt.Errorf("password has fewer than %d characters", minPassword)
	}
	return nil
}

func (s *Server) register(c *call) reply {
	var in registration
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if err := in.check(); err != nil {
		return bad(err)
	}
	u, err := s.enroll(c.ctx(), in)
	if err != nil {
		return s.config.Dialect.refuse(err)
	}
	return s.welcome(http.StatusCreated, u)
}

// enroll stores a new user.
func (s *Server) enroll(ctx context.Context, in registration) (*User, error) {
	u := User{Username: in.Username, Email: in.Email, FullName: in.FullName, Role: "user"}
	return s.store.AddUser(ctx, u, func() ([]byte, error) {
		hash, err := bcrypt.GenerateFromPassword(secretOf(in.Password), s.config.cost())
		if err != nil {
			return nil, fmt.Errorf("hash password: %w", err)
		}
		return hash, nil
	})
}

// secretOf is what of a password counts: bcrypt reads no more than 72 bytes.
func secretOf(password string) []byte {
	const limit = 72
	return []byte(password[:min(len(password), limit)])
}

func (s *Server) login(c *call) reply {
	var in registration
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	find, name := s.store.UserNamed, in.Username
	field := "username"
	if s.config.Dialect.manners().byEmail {
		find, name, field = s.store.UserMailed, in.Email, "email"
	}
	if err := required(field, name, "password", in.Password); err != nil {
		return bad(err)
	}
	u, err := find(c.ctx(), name)
	if err != nil && !errors.Is(err, ErrNoSuchUser) {
		return s.config.Dialect.refuse(err)
	}
	if err != nil || bcrypt.CompareHashAndPassword(u.Hash, secretOf(in.Password)) != nil {
		return refusal(http.StatusUnauthorized, "wrong "+field+" or password")
	}
	return s.welcome(http.StatusOK, u)
}

// welcome answers with a user and a token for it.
func (s *Server) welcome(status int, u *User) reply {
	out := append([]byte(`{"user":`), u.text(s.config.Dialect)...)
	out = append(out, `,"token":"`...)
	out = append(out, s.tokens.sign(u.ID)...) // base64url and dots: nothing to escape
	return object(status, append(out, `"}`...))
}

func (s *Server) logout(*call) reply {
	return s.config.Dialect.gone("logged out")
}

func (s *Server) me(c *call) reply {
	u, err := s.store.User(c.ctx(), c.holder)
	if errors.Is(err, ErrNoSuchUser) {
		return refusal(http.StatusUnauthorized, "invalid token")
	}
	return one[*User](s, http.StatusOK)(u, err)
}

func (s *Server) listUsers(c *call) reply {
	if !s.config.Dialect.manners().users {
		return object(http.StatusOK, []byte("[]"))
	}
	return all[*User](s)(s.store.AllUsers(c.ctx()))
}

func (s *Server) getUser(c *call) reply {
	return one[*User](s, http.StatusOK)(s.store.User(c.ctx(), c.id("id")))
}

// notImplemented is what the Rust server says, with status 200, to changes of users.
const notImplemented = "not yet implemented"

func (s *Server) changeUser(c *call) reply {
	if !s.config.Dialect.manners().users {
		return message("user update " + notImplemented)
	}
	var in struct {
		FullName *string `json:"full_name"`
		Email    *string `json:"email"`
	}
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if in.Email != nil {
		if err := required("email", *in.Email); err != nil {
			return bad(err)
		}
	}
	return one[*User](s, http.StatusOK)(s.store.RenameUser(c.ctx(), c.actor, c.id("id"), in.FullName, in.Email))
}

func (s *Server) dropUser(c *call) reply {
	if !s.config.Dialect.manners().users {
		return message("user deletion " + notImplemented)
	}
	if err := s.store.DropUser(c.ctx(), c.actor, c.id("id")); err != nil {
		return s.config.Dialect.refuse(err)
	}
	return message("user deleted")
}
