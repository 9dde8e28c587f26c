package taskflow

import (
	"net/http"
	"strconv"
)

// endpoint handles one request that passed authentication where it must.
type endpoint func(*Server, *call) reply

// route is one endpoint with its place in the API. It is an http.Handler.
type route struct {
	pattern string // as http.ServeMux reads it; the name of the route in statistics
	open    bool   // answers without a token
	handle  endpoint

	server *Server
	number uint16 // its place in routes()
}

const api = "/api/v1"

// routes lists the whole API. The last one answers what no other does.
func routes() []route {
	return []route{
		{pattern: "GET /health", open: true, handle: (*Server).health},
		{pattern: "POST " + api + "/auth/register", open: true, handle: (*Server).register},
		{pattern: "POST " + api + "/auth/login", open: true, handle: (*Server).login},
		{pattern: "POST " + api + "/auth/logout", open: true, handle: (*Server).logout},
		{pattern: "GET " + api + "/auth/me", handle: (*Server).me},
		{pattern: "GET " + api + "/users", handle: (*Server).listUsers},
		{pattern: "GET " + api + "/users/{id}", handle: (*Server).getUser},
		{pattern: "PATCH " + api + "/users/{id}", handle: (*Server).changeUser},
		{pattern: "DELETE " + api + "/users/{id}", handle: (*Server).dropUser},
		{pattern: "GET " + api + "/projects", handle: (*Server).listProjects},
		{pattern: "POST " + api + "/projects", handle: (*Server).createProject},
		{pattern: "GET " + api + "/projects/{id}", handle: (*Server).getProject},
		{pattern: "PATCH " + api + "/projects/{id}", handle: (*Server).changeProject},
		{pattern: "DELETE " + api + "/projects/{id}", handle: (*Server).dropProject},
		{pattern: "POST " + api + "/projects/{id}/members", handle: (*Server).addMember},
		{pattern: "DELETE " + api + "/projects/{id}/members/{user_id}", handle: (*Server).dropMember},
		{pattern: "GET " + api + "/projects/{id}/tasks", handle: (*Server).listTasks},
		{pattern: "POST " + api + "/projects/{id}/tasks", handle: (*Server).createTask},
		{pattern: "GET " + api + "/tasks/search", handle: (*Server).searchTasks},
		{pattern: "GET " + api + "/tasks/{id}", handle: (*Server).getTask},
		{pattern: "PATCH " + api + "/tasks/{id}", handle: (*Server).changeTask},
		{pattern: "DELETE " + api + "/tasks/{id}", handle: (*Server).dropTask},
		{pattern: "POST " + api + "/tasks/{id}/assign", handle: (*Server).assignTask},
		{pattern: "/", open: true, handle: (*Server).unknown},
	}
}

// mount builds the router of a server.
func (s *Server) mount() {
	s.mux = http.NewServeMux()
	s.routes = routes()
	for i := range s.routes {
		rt := &s.routes[i]
		rt.server, rt.number = s, uint16(i)
		s.mux.Handle(rt.pattern, rt)
	}
	if s.observer != nil {
		s.mux.HandleFunc("GET "+StatsPath, s.serveStats)
	}
}

func (s *Server) unknown(c *call) reply {
	return refusal(http.StatusNotFound, "no such endpoint: "+c.request.Method+" "+c.request.URL.Path)
}

// health answers as the real servers do, and says plainly who is answering.
func (s *Server) health(*call) reply {
	out := append(make([]byte, 0, 256), `{"status":"healthy","timestamp":`...)
	out = strconv.AppendInt(out, s.now().Unix(), 10)
	return object(http.StatusOK, append(out, s.healthEnd...))
}

// healthEnd is the part of the health answer that never changes.
func healthEnd(c Config) []byte {
	rest := encode(struct {
		Version  string `json:"version"`
		Server   string `json:"server"`
		Dialect  string `json:"dialect"`
		Switches string `json:"switches"`
		Bcrypt   int    `json:"bcrypt_cost"`
		Storage  string `json:"storage,omitempty"`
	}{version, Name, c.Dialect.String(), c.Switches(), c.cost(), c.Storage})
	return append([]byte{','}, rest[1:]...)
}
