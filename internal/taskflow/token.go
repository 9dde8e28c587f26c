package taskflow

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// tokenLife is how long a token is good for.
const tokenLife = 24 * time.Hour

// tokens signs and checks JSON web tokens (HS256).
type tokens struct {
	secret []byte
	parser *jwt.Parser
	now    func() time.Time
}

func newTokens(secret []byte, now func() time.Time) *tokens {
	return &tokens{secret, jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithTimeFunc(now),
	), now}
}

func (t *tokens) sign(userID int64) string {
	now := t.now()
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject:   strconv.FormatInt(userID, 10),
		IssuedAt:  jwt.NewNumericDate(now),
		ExpiresAt: jwt.NewNumericDate(now.Add(tokenLife)),
	}).SignedString(t.secret)
	if err != nil {
		panic("taskflow: HMAC of a token: " + err.Error())
	}
	return token
}

// user is the id a token was signed for.
func (t *tokens) user(token string) (int64, error) {
	var claims jwt.RegisteredClaims
	_, err := t.parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return t.secret, nil })
	if err != nil {
		return 0, err
	}
	id, err := strconv.ParseInt(claims.Subject, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("token has subject %q, want a user id", claims.Subject)
	}
	return id, nil
}

// authenticate finds who is asking; when it cannot, the refusal says why.
func (s *Server) authenticate(c *call) (refused *reply) {
	header := c.request.Header.Get("Authorization")
	if header == "" {
		no := s.config.Dialect.unauthorized()
		return &no
	}
	invalid := refusal(http.StatusUnauthorized, "invalid token")
	token, ok := s.config.Dialect.token(header)
	if !ok {
		return &invalid
	}
	id, err := s.tokens.user(token)
	if err != nil {
		return &invalid
	}
	c.holder, c.actor = id, id
	if s.config.OneActor {
		c.actor = seededUser
		return nil
	}
	if _, err := s.store.User(c.ctx(), id); err != nil {
		return &invalid
	}
	return nil
}
