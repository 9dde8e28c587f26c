package scenarios_test

import (
	"fmt"
	"strings"
	"testing/fstest"

	"taskbench/scenarios"
)

// shop is a scenario as a file of somebody's.
var shop = fstest.MapFS{"shop.yaml": {Data: []byte(`
name: shop
title: Buy something
load: {connections: [10, 50], duration: 5s}
setup:
  - {name: login, request: POST /login, json: {user: "u-${run}-${vu}"}, capture: {token: token}}
flow:
  - {name: list, request: GET /items, expect: {status: 200}}
  - {name: buy, request: POST /cart, headers: {Authorization: "Bearer ${token}"}, json: {item: 1}, expect: {status: 201}}
expected: {p95: < 10ms, errors: 0%}
overrides:
  rust: {steps: {buy: {expect: {status: 200}}}}
`)}}

// A scenario is loaded once, and then read: what is sent, under which load, what
// is expected of the figures. Loads that a file leaves open have defaults.
func Example() {
	s, err := scenarios.LoadFS(shop, "shop.yaml")
	if err != nil {
		panic(err)
	}
	fmt.Println(s.Name, "is a", s.Mode, "of", len(s.Steps), "steps at", s.Load.Connections, "connections")
	fmt.Println("measured for", s.Load.Duration, "after", s.Load.Warmup, "of warm-up")
	for _, step := range s.Steps {
		fmt.Println(step.Name+":", step.Method, "expects", step.Expect.Statuses)
	}
	for _, b := range s.Expected.Bounds {
		fmt.Println("expected:", b.Metric, b.Text)
	}
	// Output:
	// shop is a flow of 2 steps at [10 50] connections
	// measured for 5s after 2s of warm-up
	// list: GET expects [200]
	// buy: POST expects [201]
	// expected: p95 < 10ms
	// expected: errors 0%
}

// The error of a file that is wrong holds every mistake, each with its place and,
// where one is known, what to write instead.
func ExampleLoadFS_mistakes() {
	_, err := scenarios.LoadFS(fstest.MapFS{"shop.yaml": {Data: []byte("name: shop\nload: {conections: 5}\nrequest: GET items\n")}}, "shop.yaml")
	for _, line := range strings.Split(err.Error(), "\n") {
		if strings.HasPrefix(line, "shop.yaml:") {
			place, _, _ := strings.Cut(line, " ")
			fmt.Println("a mistake at", place)
		}
	}
	// Output:
	// a mistake at shop.yaml:2:8:
	// a mistake at shop.yaml:3:14:
}

// For gives a target the scenario that it runs: where the file has an override
// for it, a copy that says in what it differs. The hash is the file's, so that
// results of all targets are of one scenario.
func ExampleScenario_For() {
	s, err := scenarios.LoadFS(shop, "shop.yaml")
	if err != nil {
		panic(err)
	}
	for _, target := range []string{"rust", "windjammer"} {
		own := s.For(target)
		fmt.Println(target, own.Steps[1].Expect.Statuses, len(own.Overridden()), own.Hash == s.Hash)
	}
	// Output:
	// rust [200] 1 true
	// windjammer [201] 0 true
}

// A load that was changed after loading, by flags say, is checked again.
func ExampleLoad_Check() {
	load := scenarios.DefaultLoad
	fmt.Println(load.Check() == nil)
	load.Connections = []int{0}
	fmt.Println(load.Check() == nil)
	// Output:
	// true
	// false
}

// The scenarios that come with taskbench are loaded by name.
func ExampleBuiltin() {
	fmt.Println(strings.Join(scenarios.BuiltinNames(), " "))
	s, err := scenarios.Builtin("health")
	if err != nil {
		panic(err)
	}
	fmt.Println(s.Name, s.Mode)
	// Output:
	// auth health high-concurrency projects tasks workflow
	// health request
}
