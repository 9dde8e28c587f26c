package ffi

import (
	"fmt"
	"sort"
)

// Memory is the address space that all Lua states of one process share, as
// threads share a C heap: an address made in one state, handed over as a plain
// number, reads the same bytes in another.
//
// Every object lies in a block of its own with unmapped bytes around it, so
// that a read or write past its end is an error here, where LuaJIT would
// corrupt a neighbour. Addresses stay far below 2^53: a Lua number holds them.
// Objects live as long as the Memory, except those of malloc after free.
//
// The zero value is ready for use and holds up to DefaultLimit bytes. It is
// not safe for concurrent use.
type Memory struct {
	// Limit is the most bytes all objects may take together; 0 means DefaultLimit.
	Limit int64

	blocks []block // sorted by address, because addresses only grow
	next   uint64
	used   int64
	last   int // the block of the latest access: scripts stay in one object for long
}

type block struct {
	at   uint64
	data []byte
}

// DefaultLimit is 1 GiB: 500 virtual users with 30 histograms each fit.
const DefaultLimit = 1 << 30

const (
	firstAddress = 0x10000000
	guardBytes   = 64
	maxAlign     = 16
)

// Alloc returns the address of n new zero bytes, aligned for every C type.
// It fails when the limit is reached, as malloc does when memory runs out.
func (m *Memory) Alloc(n int64) (uint64, error) {
	limit := m.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	if n < 0 || n > limit-m.used {
		return 0, fmt.Errorf("not enough memory: %d bytes asked, %d of %d in use", n, m.used, limit)
	}
	if m.next == 0 {
		m.next = firstAddress
	}
	at := m.next
	m.next += (uint64(n) + guardBytes + maxAlign - 1) / maxAlign * maxAlign
	m.used += n
	m.blocks = append(m.blocks, block{at, make([]byte, n)})
	return at, nil
}

// Free gives back the object at this address; using it afterwards is an error.
// Freeing address 0 does nothing, as in C.
func (m *Memory) Free(at uint64) error {
	if at == 0 {
		return nil
	}
	i := m.find(at)
	if i < 0 || m.blocks[i].at != at {
		return fmt.Errorf("free of 0x%x, which is not the start of an object", at)
	}
	m.used -= int64(len(m.blocks[i].data))
	m.blocks = append(m.blocks[:i], m.blocks[i+1:]...)
	return nil
}

// Bytes gives the n bytes at an address to read and write in place. It fails
// unless all of them lie in one object.
func (m *Memory) Bytes(at uint64, n int64) ([]byte, error) {
	if at == 0 {
		return nil, fmt.Errorf("access through a NULL pointer")
	}
	if i := m.find(at); i >= 0 && n >= 0 {
		b := m.blocks[i]
		if off := at - b.at; off <= uint64(len(b.data)) && uint64(n) <= uint64(len(b.data))-off {
			return b.data[off : off+uint64(n) : off+uint64(n)], nil
		}
	}
	return nil, fmt.Errorf("access of %d bytes at 0x%x, outside of every object", n, at)
}

// CString reads the bytes from an address up to, and without, the next NUL.
func (m *Memory) CString(at uint64) (string, error) {
	if _, err := m.Bytes(at, 1); err != nil {
		return "", err
	}
	b := m.blocks[m.find(at)]
	rest := b.data[at-b.at:]
	for i, c := range rest {
		if c == 0 {
			return string(rest[:i]), nil
		}
	}
	return "", fmt.Errorf("string at 0x%x has no end: no NUL before the end of its object", at)
}

// NewString stores a Lua string with a NUL behind it and returns its address.
func (m *Memory) NewString(s string) (uint64, error) {
	at, err := m.Alloc(int64(len(s)) + 1)
	if err == nil {
		copy(m.blocks[len(m.blocks)-1].data, s)
	}
	return at, err
}

// find returns the index of the last block that starts at or before an
// address, or -1.
func (m *Memory) find(at uint64) int {
	if m.last < len(m.blocks) {
		b := m.blocks[m.last]
		if at >= b.at && at-b.at < uint64(len(b.data)) {
			return m.last
		}
	}
	i := sort.Search(len(m.blocks), func(i int) bool { return m.blocks[i].at > at }) - 1
	if i >= 0 {
		m.last = i
	}
	return i
}
