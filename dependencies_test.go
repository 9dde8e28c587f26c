package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestDependenciesAreExplained holds go.mod to docs/dependencies.md: what we
// ask for ourselves has its reason there.
func TestDependenciesAreExplained(t *testing.T) {
	t.Parallel()
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	reasons, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(mod), -1)
	if len(direct) < 10 {
		t.Fatalf("only %d direct dependencies found in go.mod", len(direct))
	}
	for _, m := range direct {
		if !strings.Contains(string(reasons), m[1]) {
			t.Errorf("docs/dependencies.md does not say why %s is here", m[1])
		}
	}
}

// TestNoDatabaseDriver: the reference server with PostgreSQL is a program of its
// own, and what people install knows no database.
func TestNoDatabaseDriver(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "taskbench/internal/taskflow\n") {
		t.Fatal("taskbench does not have the reference server in memory")
	}
	if found := regexp.MustCompile(`(?m)^(.*jackc.*|github.com/lib/pq.*|taskbench/internal/(pgtest|scripttest|cmd)/?.*)$`).FindString(string(out)); found != "" {
		t.Errorf("taskbench is built with %s", found)
	}
}
