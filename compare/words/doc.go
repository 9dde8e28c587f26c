// Package words is the one place that puts comparisons into English: it makes
// pages (internal/page) of what package words found, for a terminal, markdown,
// CSV and JSON alike, and for the HTML report.
//
//	err := page.Text(os.Stdout, words.Load(c), page.Options{Width: 100})
package words
