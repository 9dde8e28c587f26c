package page

import (
	"strconv"

	"taskbench/internal/plain"
)

// cutNames makes names fit for a column of a table, at most width columns wide.
// Names that differ stay different: where cutting their ends would make two
// of them alike, what is left out is what they have in common.
func cutNames(names []string, width int) []string {
	cut := make([]string, len(names))
	alike := map[string][]int{}
	for i, name := range names {
		cut[i] = plain.OneLine(name, width)
		alike[cut[i]] = append(alike[cut[i]], i)
	}
	for _, group := range alike {
		shared := sharedStart(names, group)
		if shared < 0 {
			continue
		}
		for _, i := range group {
			cut[i] = cutMiddle(plain.OneLine(names[i], 0), shared, width)
		}
	}
	number(cut, names)
	return cut
}

// sharedStart is how many runes the names of a group begin with alike; -1 if
// they are all the same name.
func sharedStart(names []string, group []int) int {
	first := []rune(plain.OneLine(names[group[0]], 0))
	shared := -1
	for _, i := range group[1:] {
		if names[i] == names[group[0]] {
			continue
		}
		other, same := []rune(plain.OneLine(names[i], 0)), 0
		for same < len(first) && same < len(other) && first[same] == other[same] {
			same++
		}
		if shared < 0 || same < shared {
			shared = same
		}
	}
	return shared
}

// cutMiddle leaves the start of a name and the place where it differs from
// others, some runes before it included, for people to find their way.
func cutMiddle(name string, differs, width int) string {
	const before = 4
	runes := []rune(name)
	tail := string(runes[max(0, min(differs, len(runes))-before):])
	if limit := width * 2 / 3; plain.Width(tail) > limit {
		tail = plain.OneLine(tail, limit)
	}
	return plain.OneLine(name, max(1, width-plain.Width(tail))) + tail
}

// number tells apart what is still alike, as names that differ in several
// places may be.
func number(cut, names []string) {
	taken, numbered := map[string]string{}, map[string]string{}
	for i, label := range cut {
		if known, met := numbered[names[i]]; met {
			cut[i] = known
			continue
		}
		for n := 2; taken[cut[i]] != ""; n++ {
			mark := "#" + strconv.Itoa(n)
			cut[i] = plain.OneLine(label, max(1, plain.Width(label)-len(mark))) + mark
		}
		taken[cut[i]], numbered[names[i]] = names[i], cut[i]
	}
}
