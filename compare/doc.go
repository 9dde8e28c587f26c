// Package compare puts stored load tests, and ledgers, side by side: it pairs the trials of
// several targets, takes each figure's median over the pairs and its ratio to
// the baseline, judges it, and checks documented expectations.
//
// It is pure: no files, no clock, no randomness; the same documents give the
// same comparison in whatever order they come. It never compares what is not
// comparable, and it holds no NaN or infinity: what does not exist is nil, with
// a reason. It never prints: package words does.
//
//	c, err := compare.New(docs, lineup.Options{})
//	err = page.Text(os.Stdout, words.Load(c), page.Options{Width: 100})
package compare
