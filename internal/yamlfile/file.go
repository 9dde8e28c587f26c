package yamlfile

import (
	"io"

	"taskbench/internal/files"
)

// Read reads a plain file, a byte more than the largest that Parse takes at
// most.
func Read(name string) ([]byte, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
}
