package page

import (
	"regexp"
	"strconv"
	"unicode"

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
		if shared < 0 || portsOnly(cut, names, group, width) {
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

// An address is a host and its port, as URLs and the targets made of them have it.
var address = regexp.MustCompile(`^(.*[^:-])[:-]([0-9]{2,5})$`)

// portsOnly leaves the ports of addresses that have one host in common: ":22001".
func portsOnly(cut, names []string, group []int, width int) bool {
	host, ports := "", make([]string, len(group))
	for k, i := range group {
		m := address.FindStringSubmatch(names[i])
		if m == nil || k > 0 && m[1] != host || len(m[2]) >= width {
			return false
		}
		host, ports[k] = m[1], ":"+m[2]
	}
	for k, i := range group {
		cut[i] = ports[k]
	}
	return true
}

// cutMiddle leaves the start of a name, where there is room, and the word in which
// it differs from others, for people to find their way.
func cutMiddle(name string, differs, width int) string {
	const before, wide = 4, 16
	runes := []rune(name)
	from := max(0, min(differs, len(runes))-before)
	for at := from; at >= 0 && at < len(runes) && len(runes)-at < width; at-- {
		if from = at; at == 0 || !isWord(runes[at-1]) {
			break
		}
	}
	tail, limit := string(runes[from:]), width*2/3
	if width < wide {
		limit = width - 1
	}
	if len(runes) > limit && len(runes)-differs < limit && plain.Width(tail) > limit {
		tail = string(runes[len(runes)-limit:])
	}
	if plain.Width(tail) > limit {
		tail = plain.OneLine(tail, limit)
	}
	if room := width - plain.Width(tail); room >= before {
		return plain.OneLine(name, room) + tail
	}
	return "…" + tail
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

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
