package parse

// untangle finds runs that printed into one text at the same time: n first
// lines, then the statistics of n. Nothing tells which belong together, so no
// statistics keep a target. A run that was ended before its statistics, and
// one that was tried again after it, have a first line for each of the latter.
func (rd *runsReader) untangle() {
	kept, waiting := rd.runs[:0:0], []*runReader(nil)
	for i, run := range rd.runs {
		bare := run.started && run.last < atHead
		follows := countBare(rd.runs[i+1:])
		switch {
		case bare && follows >= 0 && headless(rd.runs[i+1+follows+1:]) >= follows+1:
			waiting = append(waiting, run)
			continue
		case len(waiting) > 0:
			n := len(waiting) + 1
			for _, tangled := range rd.runs[i : i+n] {
				tangled.tangle(n)
			}
			run.report.Line = waiting[0].report.Line
			waiting = nil
		}
		kept = append(kept, run)
	}
	rd.runs = kept
}

// countBare is how many runs of a first line alone begin a list that goes on
// with a whole one; negative if it does not.
func countBare(runs []*runReader) int {
	for n, run := range runs {
		if !run.started {
			break
		}
		if run.last >= atHead {
			return n
		}
	}
	return -1
}

// headless is how many runs without a first line, or one of threads and
// connections, begin a list.
func headless(runs []*runReader) int {
	for n, run := range runs {
		if run.started || run.seen[atLoad] {
			return n
		}
	}
	return len(runs)
}

// tangle takes from a run what may be of another of n.
func (run *runReader) tangle(n int) {
	r := &run.report
	r.URL, r.Threads, r.Connections, r.DurationAskedS = "", nil, nil, nil
	delete(r.RoundingHalfWidth, "duration_asked_s")
	run.tangled = n
}
