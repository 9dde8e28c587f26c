package lua

import "testing"

// Shares are one behind the other, without a gap, and differ by one user at most.
func TestShareOf(t *testing.T) {
	t.Parallel()
	for users := 1; users <= 40; users++ {
		for places := 1; places <= users; places++ {
			next := 1
			for place := 1; place <= places; place++ {
				first, count := ShareOf(users, place, places)
				if first != next || count < users/places || count > (users+places-1)/places {
					t.Fatalf("share %d/%d of %d: from %d on %d, want %d and about %d", place, places, users, first, count, next, users/places)
				}
				next += count
			}
			if next != users+1 {
				t.Fatalf("%d shares of %d users end before %d", places, users, next)
			}
		}
	}
}

func TestCommandShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ threads, connections, place, places, wantThreads, wantConnections int }{
		{7, 7, 1, 2, 3, 3}, // a thread each
		{7, 7, 2, 2, 4, 4},
		{2, 10, 1, 2, 1, 5}, // few threads: each has equally many
		{2, 12, 1, 2, 2, 6},
		{2, 2, 2, 2, 1, 1},
		{3, 9, 2, 3, 3, 3},
	} {
		got := Command{Threads: c.threads, Connections: c.connections, Seconds: 9}.Share(c.place, c.places)
		if want := (Command{Threads: c.wantThreads, Connections: c.wantConnections, Seconds: 9}); got != want {
			t.Errorf("-t %d -c %d, share %d/%d: %+v, want %+v", c.threads, c.connections, c.place, c.places, got, want)
		}
	}
}
