package memory

// ErrNone is what the tests, which print and so are outside of the package, look into.
var ErrNone = errNone
