package taskflow

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// maxBody is the longest request body read, in bytes.
const maxBody = 1 << 20

// call is one request on its way to an endpoint.
type call struct {
	request *http.Request
	holder  int64 // the user the token names; 0 on routes that need none
	actor   int64 // the user it acts as
}

func (c *call) ctx() context.Context { return c.request.Context() }

// read decodes the JSON body. Unknown fields are ignored, as the real servers do.
func (c *call) read(into any) error {
	body, err := io.ReadAll(io.LimitReader(c.request.Body, maxBody+1))
	switch {
	case err != nil:
		return fmt.Errorf("cannot read the body: %w", err)
	case len(body) > maxBody:
		return fmt.Errorf("the body is longer than %d bytes", maxBody)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("the body is not the JSON object expected: %w", err)
	}
	return nil
}

// id is a number in the path; 0, which no record has, when it is none.
func (c *call) id(name string) int64 {
	id, err := strconv.ParseInt(c.request.PathValue(name), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// oneOf reports a given value that is not among those allowed.
func oneOf(field string, value *string, allowed []string) error {
	if value == nil || slices.Contains(allowed, *value) {
		return nil
	}
	return fmt.Errorf("%s is %q, want one of %s", field, *value, strings.Join(allowed, ", "))
}

// required reports the first field that is missing or empty, of name, value pairs.
func required(pairs ...string) error {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.TrimSpace(pairs[i+1]) == "" {
			return fmt.Errorf("%s is required", pairs[i])
		}
	}
	return nil
}

func bad(err error) reply { return refusal(http.StatusBadRequest, err.Error()) }
