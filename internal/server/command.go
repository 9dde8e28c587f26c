package server

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// argv splits a command line as a shell does, without being one: spaces
// separate, quotes and backslashes protect. A line that uses more of a shell
// than that (pipes, redirections, variables, patterns, assignments) becomes
// the argument of sh -c.
func argv(line string) ([]string, error) {
	words, shell, err := split(line)
	switch {
	case err != nil:
		return nil, err
	case shell:
		return []string{"sh", "-c", line}, nil
	case len(words) == 0:
		return nil, errors.New("the command is empty")
	}
	return words, nil
}

// shellWords are words of a shell that are no programs.
var shellWords = []string{"exec", "source", "eval", "command", "export", "set", "ulimit", "umask", "cd"}

// startHint says what to do about a command that could not be run.
func startHint(program, line string, err error) string {
	if errors.Is(err, exec.ErrNotFound) && slices.Contains(shellWords, program) {
		return fmt.Sprintf("%s is a word of a shell, and start: is run without one: leave it out, or write start: sh -c '%s'", program, strings.ReplaceAll(line, "'", `'\''`))
	}
	return "start: is run in dir:; relative paths count from there"
}

// shellSigns mean, outside quotes, that a line needs a shell. In double quotes
// only those of expansion do.
const (
	shellSigns     = "|&;<>()$`*?[]{}~#!\n"
	expansionSigns = "$`"
)

// splitter reads a line byte by byte.
type splitter struct {
	words []string
	word  strings.Builder
	open  bool // a word has begun, if only by a quote
	shell bool
}

func split(line string) (words []string, shell bool, err error) {
	var s splitter
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case ' ', '\t':
			s.end()
		case '\'', '"':
			n, ok := s.quoted(line[i+1:], c)
			if !ok {
				return nil, false, errors.New("a quote is not closed in: " + line)
			}
			i += n
		case '\\':
			if i++; i == len(line) {
				return nil, false, errors.New("nothing follows the last backslash in: " + line)
			}
			s.add(line[i])
		default:
			s.shell = s.shell || strings.IndexByte(shellSigns, c) >= 0
			s.shell = s.shell || c == '=' && len(s.words) == 0 // NAME=value command
			s.add(c)
		}
	}
	s.end()
	return s.words, s.shell, nil
}

func (s *splitter) add(c byte) {
	s.word.WriteByte(c)
	s.open = true
}

func (s *splitter) end() {
	if s.open {
		s.words = append(s.words, s.word.String())
	}
	s.word.Reset()
	s.open = false
}

// quoted reads up to the closing quote and returns how many bytes that took,
// the quote included.
func (s *splitter) quoted(rest string, quote byte) (int, bool) {
	s.open = true
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		switch {
		case c == quote:
			return i + 1, true
		case quote == '\'':
		case c == '\\' && i+1 < len(rest) && strings.IndexByte("\"\\$`", rest[i+1]) >= 0:
			i++
			c = rest[i]
		case strings.IndexByte(expansionSigns, c) >= 0:
			s.shell = true
		}
		s.word.WriteByte(c)
	}
	return 0, false
}
