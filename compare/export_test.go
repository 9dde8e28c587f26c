package compare

// Buckets is what the tests, which print and so are outside of the package, look into.
var Buckets = buckets

const MostRows = mostRows
