package k6

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"taskbench/internal/source"
	"taskbench/parse"
)

// Merge puts together what all virtual users of a run told, each of them once, and says
// what is to be known of it. The error names what does not fit: a file's line of another
// run or script, a virtual user that told twice, those that told nothing or came late,
// or what k6 complained of. The order of logs changes nothing.
func Merge(logs []*Log) (*parse.Block, []string, error) {
	all := tellings(logs)
	warnings, err := shortened(all)
	if err != nil { // else its window would only be another one than those of the others
		return nil, nil, err
	}
	merged, err := merge(all, logs)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range logs {
		if len(l.Complaints) > 0 {
			return nil, nil, source.WithHint(fmt.Errorf("%s: k6 complained: %s", l.Name, l.Complaints[0]), "what it measured may not be what the scenario says: mend that, and run the test again")
		}
	}
	return merged, warnings, nil
}

func merge(all []placed, logs []*Log) (*parse.Block, error) {
	if len(all) == 0 {
		return nil, source.WithHint(errors.New("no virtual user told what it counted"+cmp.Or(reasons(logs), lastWords(logs))), takeAll)
	}
	blocks := make([]*parse.Block, len(all))
	for i, t := range all {
		blocks[i] = t.Block
	}
	merged, err := parse.MergeBlocks(blocks)
	if misfit, is := errors.AsType[*parse.MergeError](err); is && misfit.At >= 0 {
		t := all[misfit.At]
		return nil, source.Errorf(t.at(), "give the logs of one run, of the same script", "virtual user %d %s", t.User, misfit.Problem)
	}
	if err != nil {
		return nil, err
	}
	if err := wholeOnce(all, logs); err != nil {
		return nil, err
	}
	if merged.Window.LengthUS == 0 {
		if err := tooLate(all); err != nil {
			return nil, err
		}
	}
	return merged, nil
}

const takeAll = "give the logs of all processes, from their beginning to their end; of a cluster: kubectl logs --tail=-1 -l k6_cr=NAME,runner=true"

// placed is a telling and where it stands.
type placed struct {
	Telling
	log *Log
}

func (p placed) at() source.Position { return source.Position{File: p.log.Name, Line: p.Line} }

func tellings(logs []*Log) (all []placed) {
	for _, l := range logs {
		for _, t := range l.Told {
			all = append(all, placed{t, l})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.User, b.User) })
	return all
}

// What part of the window as it was asked for a virtual user must have, and which part is
// said.
const (
	leastOfWindow = 0.95
	saidOfWindow  = 0.99
)

// shortened says that virtual users began when the window was open, by the one that was
// the last; so late that it is another measurement, that is an error.
func shortened(all []placed) ([]string, error) {
	part := func(t placed) float64 {
		if w := t.Block.Window; w.AskedUS > 0 && w.LengthUS > 0 {
			return w.LengthUS / w.AskedUS
		}
		return 1 // of a window that never opened is told elsewhere
	}
	if len(all) == 0 {
		return nil, nil
	}
	last := slices.MinFunc(all, func(a, b placed) int { return cmp.Compare(part(a), part(b)) })
	if part(last) > saidOfWindow {
		return nil, nil
	}
	w := last.Block.Window
	late, asked := (w.AskedUS-w.LengthUS)/1e3, w.AskedUS/1e3
	if part(last) < leastOfWindow {
		return nil, source.Errorf(last.at(), beginLater, "virtual user %d began %.0f ms late in a window of %.0f ms", last.User, late, asked)
	}
	are := len(slices.DeleteFunc(slices.Clone(all), func(t placed) bool { return part(t) > saidOfWindow }))
	return []string{fmt.Sprintf("%d of %d virtual users began late, number %d by %.0f ms in a window of %.0f ms: each counts from then on", are, len(all), last.User, late, asked)}, nil
}

const beginLater = "let all begin later (TASKBENCH_GO), or on machines that are less busy"

// wholeOnce demands each virtual user of a test once.
func wholeOnce(all []placed, logs []*Log) error {
	of := all[0].Of
	seen := map[int]placed{}
	for _, t := range all {
		if t.Of != of {
			return source.Errorf(t.at(), "give the logs of one run", "a test of %d virtual users, and %s is one of %d", t.Of, all[0].at(), of)
		}
		if before, twice := seen[t.User]; twice {
			return source.Errorf(t.at(), "give each log once", "virtual user %d told what it counted in %s, too", t.User, before.at())
		}
		seen[t.User] = t
	}
	missing := of - len(seen)
	if missing == 0 {
		return nil
	}
	var first []int
	for user := 1; len(first) < min(missing, named); user++ {
		if _, there := seen[user]; !there {
			first = append(first, user)
		}
	}
	return source.WithHint(fmt.Errorf("%d of %d virtual users did not tell what they counted: %s%s", missing, of, some(first, missing), reasons(logs)), takeAll)
}

// tooLate names a virtual user that was there when the measurement was over, be it that
// others had measured or that all came so late; nil where it is not for that that nothing
// was measured.
func tooLate(all []placed) error {
	failed := func(t placed) bool {
		return slices.ContainsFunc(t.Block.Setup, func(s parse.BlockStep) bool { return s.Good < s.Answers || s.Unmet["lost"] > 0 })
	}
	measured := func(t placed) bool { return t.Block.Window.LengthUS > 0 }
	for _, t := range all {
		if !measured(t) && !failed(t) && (slices.ContainsFunc(all, measured) || !slices.ContainsFunc(all, failed)) {
			return source.Errorf(t.at(), beginLater, "virtual user %d was there when the measurement was over", t.User)
		}
	}
	return nil
}

// reasons is what k6 itself says of what went wrong, where it does.
func reasons(logs []*Log) string {
	for _, l := range logs {
		switch {
		case len(l.Complaints) > 0:
			return fmt.Sprintf("; in %s k6 says: %s", l.Name, l.Complaints[0])
		case l.Aborted:
			return fmt.Sprintf("; the k6 of %s was interrupted", l.Name)
		}
	}
	return ""
}

// lastWords are those of the first log in which nobody told anything: a shell may have
// found no k6.
func lastWords(logs []*Log) string {
	const most = 200
	switch {
	case len(logs) == 0:
		return ""
	case logs[0].Last == "":
		return fmt.Sprintf("; %s is empty", logs[0].Name)
	}
	last := logs[0].Last
	if !utf8.ValidString(last) || strings.ContainsFunc(last, func(c rune) bool { return c < ' ' && c != '\t' && c != 0x1b }) {
		return fmt.Sprintf("; %s is no text in UTF-8", logs[0].Name)
	}
	return fmt.Sprintf("; %s ends with: %s", logs[0].Name, strings.ToValidUTF8(last[:min(len(last), most)], ""))
}

// named is how many virtual users a message names.
const named = 8

// some lists the first of so many numbers.
func some(numbers []int, of int) string {
	var words []string
	for _, n := range numbers[:min(len(numbers), named)] {
		words = append(words, strconv.Itoa(n))
	}
	text := strings.Join(words, ", ")
	if left := of - len(words); left > 0 {
		text += fmt.Sprintf(" and %d more", left)
	}
	return text
}

// usersOf are the numbers of the virtual users that k6 gives to a process, from 1,
// of so many with segments of equal size: it deals them out in turn.
func usersOf(process, processes, users int) (numbers []int) {
	for user := process; user <= users; user += processes {
		numbers = append(numbers, user)
	}
	return numbers
}

// silent are those of a process that did not tell.
func (l *Log) silent(expected []int) []int {
	return slices.DeleteFunc(slices.Clone(expected), func(user int) bool {
		return slices.ContainsFunc(l.Told, func(t Telling) bool { return t.User == user })
	})
}
