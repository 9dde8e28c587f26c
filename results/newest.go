package results

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// newest reads the heads of the load tests of the newest days only, as many
// as Latest needs: file names carry the day. One day more is read than that,
// for runs across midnight and clocks in other time zones. Problems as List.
func (s *Store) newest() ([]Entry, []error) {
	byDay, problems := s.loadTestsByDay()
	days := make([]string, 0, len(byDay))
	for day := range byDay {
		days = append(days, day)
	}
	slices.Sort(days)
	slices.Reverse(days)
	var entries []Entry
	for _, day := range days {
		g, found := Latest(group(entries))
		es, errs := readHeads(byDay[day])
		entries, problems = append(entries, es...), append(problems, errs...)
		sortNewestFirst(entries)
		if found && len(g.Entries) > 1 {
			break
		}
	}
	return entries, problems
}

// loadTestsByDay gives the paths of all load tests by the day in their name or, as
// runs are gone on with, the later one on which they were written. Names that somebody
// changed come under a day after all others.
func (s *Store) loadTestsByDay() (map[string][]string, []error) {
	folders, problems := s.folders()
	byDay := make(map[string][]string)
	for _, folder := range folders {
		paths, err := documentPaths(folder)
		if err != nil {
			problems = append(problems, err)
		}
		for _, path := range paths {
			rest, isLoadTest := strings.CutPrefix(filepath.Base(path), string(LoadTest)+"_")
			if !isLoadTest {
				continue
			}
			day := dayOf(path, rest)
			byDay[day] = append(byDay[day], path)
		}
	}
	return byDay, problems
}

func dayOf(path, dated string) string {
	day := dated[:min(len(time.DateOnly), len(dated))]
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return "unknown"
	}
	if info, err := os.Stat(path); err == nil {
		day = max(day, info.ModTime().Format(time.DateOnly))
	}
	return day
}
