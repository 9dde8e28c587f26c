//go:build !linux

package server

import "testing"

func asNobody(t *testing.T, _ func()) { t.Skip("read on Linux only") }
