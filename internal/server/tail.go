package server

import "strings"

// tailLines is how many lines of a server's output an error shows.
const tailLines = 20

// lastLines is the last n lines of a text, without the line end of the last.
func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return strings.Join(lines, "\n")
}
