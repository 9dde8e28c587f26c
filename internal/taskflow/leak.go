package taskflow

import (
	"os"
	"syscall"
)

// leaked is memory kept for the sake of being kept. It lies outside Go's heap:
// a growing heap would make the collector run less often, and a leaking server
// faster than a sound one.
type leaked struct {
	blocks [][]byte
	bytes  int64
}

// growTo adds touched memory until at least size bytes are kept, or until
// there is no more to have.
func (l *leaked) growTo(size int64) {
	page := int64(os.Getpagesize())
	need := (size - l.bytes) / page * page
	if need <= 0 {
		return
	}
	block, err := syscall.Mmap(-1, 0, int(need), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return // the leak ends where memory does
	}
	for i := int64(0); i < need; i += page {
		block[i] = 1
	}
	l.blocks = append(l.blocks, block)
	l.bytes += need
}

func (l *leaked) free() {
	for _, block := range l.blocks {
		_ = syscall.Munmap(block) // it was mapped above
	}
	*l = leaked{}
}
