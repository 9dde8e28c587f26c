// Package parse turns what load generators print or store into values in base
// units: microseconds, bytes, counts. It reads the text of wrk and wrk2, and
// the JSON block that taskbench's own scripts hand over.
//
// It is pure: it opens no file, starts nothing and reads no clock. It never
// invents a figure: what a text does not say is absent, not zero.
//
//	reports, err := parse.Wrk("run.txt", strings.NewReader(text))
package parse
