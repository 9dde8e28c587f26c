// Package sentences is the one place where what comparisons found is said in
// English: each code of compare/finding has its sentence here, and only here.
package sentences
