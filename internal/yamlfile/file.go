package yamlfile

import (
	"io"
	"os"
)

// Read reads a file, a byte more than the largest that Parse takes at most: a
// name may be that of a device without an end.
func Read(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxFileBytes+1))
}
