package compare

import (
	"strings"

	"taskbench/compare/finding"
)

// spareFor takes the blame from sides that had no trial for what happened to
// another: servers that share a pair's time fail together, with one error, which
// begins with the name of the server that it came from.
func spareFor(sides []*side) {
	for _, s := range sides {
		if s.Reason.Code != finding.NoTrialWorked {
			continue
		}
		for _, other := range sides {
			if other != s && other.Reason.Code == finding.NoTrialWorked && isOf(s.Reason.Said[0], other.Target) && other.Reason.Said[0] == s.Reason.Said[0] {
				s.Reason, s.Hint, s.Spared = finding.Finding{Code: finding.OtherFailed, Target: s.Target, Said: []string{other.Target}}, "", true
				break
			}
		}
	}
}

// othersFault reports whether a side has no trial in a pair for what happened to
// another one, which says so.
func (s *side) othersFault(pair int, sides []*side) bool {
	mine, failed := s.failed[pair]
	for _, other := range sides {
		theirs, both := other.failed[pair]
		if failed && both && other != s && other.paired() && mine.Error == theirs.Error && isOf(mine.Error, other.Target) {
			return true
		}
	}
	return false
}

// isOf reports whether an error says that it is a target's.
func isOf(err, target string) bool {
	return strings.HasPrefix(err, target+": ") || strings.HasPrefix(err, "the generator of "+target+" ")
}
