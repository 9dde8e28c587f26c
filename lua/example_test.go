package lua_test

import (
	"bytes"
	"fmt"
	"net/http"
	"testing/fstest"
	"time"

	"taskbench/lua"
	"taskbench/scenarios"
)

// A scenario becomes a script, and how to start wrk with it. Before any load, one
// iteration of the same script runs in the embedded VM, against whatever Do
// speaks to.
func Example() {
	s, err := scenarios.LoadFS(fstest.MapFS{"shop.yaml": {Data: []byte(`
name: shop
load: {connections: 4, duration: 5s, warmup: 1s}
flow:
  - {name: list, request: GET /items, expect: {json: {items: {type: array}}}, capture: {first: items.0}}
  - {name: read, request: "GET /items/${first}"}
`)}}, "shop.yaml")
	if err != nil {
		panic(err)
	}
	options := lua.Options{Target: "rust", URL: "http://127.0.0.1:3001", Seed: 1}
	script, err := lua.Generate(s, options)
	if err != nil {
		panic(err)
	}
	command := lua.CommandFor(s, options)
	fmt.Println("wrk takes it:", lua.Check("shop.lua", script) == nil)
	fmt.Printf("wrk -t %d -c %d for at least %v\n", command.Threads, command.Connections, 6*time.Second)

	exchanges, err := lua.DryRun(s, options, func(raw []byte) (int, http.Header, []byte, error) {
		return 200, http.Header{"Content-Type": {"application/json"}}, []byte(`{"items": [7, 8]}`), nil
	})
	if err != nil {
		panic(err)
	}
	for _, e := range exchanges {
		line, _, _ := bytes.Cut(e.Request, []byte("\r\n"))
		fmt.Printf("%s: %s, %d, unmet %v\n", e.Step, line, e.Status, e.Unmet)
	}
	// Output:
	// wrk takes it: true
	// wrk -t 4 -c 4 for at least 6s
	// list: GET /items HTTP/1.1, 200, unmet []
	// read: GET /items/7 HTTP/1.1, 200, unmet []
}
