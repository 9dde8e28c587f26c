// Package figure is the one table of everything that is measured: what a figure
// is called in tables, in JSON and in the formats of other tools, its unit, which
// way it is better, whether runs stop and gates decide by it, and how it is read
// from a trial or a step. Whoever knows a figure knows it from here: a new one is
// an entry in table.go.
//
// It reads stored documents and prints single values. It compares nothing.
package figure
