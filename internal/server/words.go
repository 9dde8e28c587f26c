package server

import (
	"os/exec"
	"path/filepath"
	"strings"
)

// Words splits a command line of Spec.Start into a program and its arguments.
// plain is false when it is more than that (a pipe, a variable, an assignment
// in front) and takes a shell.
func Words(line string) (words []string, plain bool, err error) {
	words, shell, err := split(line)
	return words, err == nil && !shell && len(words) > 0, err
}

// Locate is the path of a program that a command line names, seen from a folder.
func Locate(program, dir string) (string, error) {
	if strings.ContainsRune(program, filepath.Separator) {
		if filepath.IsAbs(program) {
			return program, nil
		}
		return filepath.Join(dir, program), nil
	}
	return exec.LookPath(program)
}
