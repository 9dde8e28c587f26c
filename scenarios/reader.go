package scenarios

import "taskbench/internal/yamlfile"

// reader reads the parts of a scenario from the nodes of its file, and
// collects what is wrong with them.
type reader struct{ *yamlfile.Reader }

func newReader(file string, text []byte) *reader {
	return &reader{yamlfile.NewReader(file, text)}
}
