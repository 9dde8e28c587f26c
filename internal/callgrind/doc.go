// Package callgrind reads what valgrind's callgrind records: for every function
// what it cost itself, and for every call between two functions how often and at
// what cost with all that was called. A file is read as a stream: memory grows
// with the number of functions and calls between them, not with the file.
package callgrind
