// Package words puts comparisons into English: it makes pages (internal/page) of
// what package compare found, for a terminal, markdown, CSV and JSON alike, and
// for the HTML report. What is said of single findings is in compare/sentences.
//
//	err := page.Text(os.Stdout, words.Load(c), page.Options{Width: 100})
package words
