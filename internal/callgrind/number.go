package callgrind

import (
	"bytes"
	"errors"
	"math"
	"strconv"
)

// field cuts the first word off a line.
func field(line []byte) (word, rest []byte) {
	line = bytes.TrimLeft(line, " \t")
	if end := bytes.IndexAny(line, " \t"); end >= 0 {
		return line[:end], line[end:]
	}
	return line, nil
}

// number reads a count, also a hexadecimal one.
func number(word []byte) (uint64, error) {
	var n uint64
	for _, c := range word {
		if c < '0' || c > '9' || n > math.MaxUint64/20 {
			n, err := strconv.ParseUint(string(word), 0, 64)
			if err != nil {
				return 0, errors.New("not a count: " + strconv.Quote(string(word)))
			}
			return n, nil
		}
		n = 10*n + uint64(c-'0')
	}
	if len(word) == 0 {
		return 0, errors.New("a count is missing")
	}
	return n, nil
}

// isPosition tells a line's or an instruction's number, which may be told by its
// distance from the one before: 12, 0x4f, +3, -1, *.
func isPosition(word []byte) bool {
	if len(word) == 1 && word[0] == '*' {
		return true
	}
	if len(word) > 1 && (word[0] == '+' || word[0] == '-') {
		word = word[1:]
	}
	if len(word) > 2 && word[0] == '0' && word[1] == 'x' {
		_, err := strconv.ParseUint(string(word[2:]), 16, 64)
		return err == nil
	}
	for _, c := range word {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(word) > 0
}

// add adds costs to sums.
func add(sums, costs []uint64) error {
	for i, c := range costs {
		if sums[i] += c; sums[i] < c {
			return errors.New("the sum of its costs is impossibly large")
		}
	}
	return nil
}
