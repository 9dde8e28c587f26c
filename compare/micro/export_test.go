package micro

// Of is the baseline's name of a candidate's benchmark.
func (m Match) Of(id string) (string, bool) { return m.of(id) }
