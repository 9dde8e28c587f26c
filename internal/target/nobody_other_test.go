//go:build !linux

package target

import "testing"

func asNobody(t *testing.T, _ func()) { t.Skip("read on Linux only") }
