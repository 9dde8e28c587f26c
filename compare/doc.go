// Package compare puts stored results side by side: it pairs the trials of
// several targets, takes each metric's median over the pairs and its ratio to
// the baseline, checks documented expectations, and writes it all as text,
// markdown, CSV or JSON.
//
// It is pure: no files, no clock, no randomness; the same documents give the
// same bytes in whatever order they come. It never compares what is not
// comparable, and it never prints NaN or infinity: what does not exist is a
// dash with a footnote.
//
//	c, err := compare.New(docs, compare.Options{})
//	err = compare.Text(os.Stdout, c, compare.TextOptions{Width: 100})
package compare
