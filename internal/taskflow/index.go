package taskflow

import "github.com/tidwall/btree"

// list is a set of records in the order of their ids, which is the order of
// their making. Every change and lookup takes O(log n).
type list[R any] struct {
	tree btree.Map[int64, R]
}

func (l *list[R]) set(id int64, r R)         { l.tree.Set(id, r) }
func (l *list[R]) drop(id int64)             { l.tree.Delete(id) }
func (l *list[R]) get(id int64) (R, bool)    { return l.tree.Get(id) }
func (l *list[R]) len() int                  { return l.tree.Len() }
func (l *list[R]) each(visit func(R) bool)   { l.walk(l.tree.Scan, visit) }
func (l *list[R]) newest(visit func(R) bool) { l.walk(l.tree.Reverse, visit) }

func (*list[R]) walk(scan func(func(int64, R) bool), visit func(R) bool) {
	scan(func(_ int64, r R) bool { return visit(r) })
}

// filter is what a search asks for; "" and 0 ask for anything.
type filter struct {
	status, priority string
	assignee         int64
}

// taskIndex keeps every task in the list of every filter it meets (at most
// eight), so that a search takes time proportional to what it finds, however
// many tasks there are. Lists that become empty are dropped: the index is
// bounded by the tasks that exist, not by those that ever did.
type taskIndex map[filter]*list[*Task]

// filtersOf lists the filters that a task meets.
func filtersOf(t *Task) []filter {
	filters := make([]filter, 0, 8)
	for _, status := range [...]string{"", t.Status} {
		for _, priority := range [...]string{"", t.Priority} {
			filters = append(filters, filter{status, priority, 0})
			if t.AssignedTo != nil {
				filters = append(filters, filter{status, priority, *t.AssignedTo})
			}
		}
	}
	return filters
}

func (x taskIndex) add(t *Task) {
	for _, f := range filtersOf(t) {
		l := x[f]
		if l == nil {
			l = new(list[*Task])
			x[f] = l
		}
		l.set(t.ID, t)
	}
}

func (x taskIndex) remove(t *Task) {
	for _, f := range filtersOf(t) {
		l := x[f]
		l.drop(t.ID)
		if l.len() == 0 {
			delete(x, f)
		}
	}
}

// find returns the tasks that meet the filter, newest first.
func (x taskIndex) find(f filter) []*Task {
	l := x[f]
	if l == nil {
		return nil
	}
	return newestFirst(l)
}

func newestFirst[R any](l *list[R]) []R {
	out := make([]R, 0, l.len())
	l.newest(func(r R) bool {
		out = append(out, r)
		return true
	})
	return out
}
