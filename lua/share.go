package lua

import "os"

// ShareOf says which virtual users one of several processes has that run the same
// script together: the number of its first one, and how many they are. place counts
// from 1; shares differ by one user at most. It is the formula of the script itself.
func ShareOf(users, place, places int) (first, count int) {
	before := users * (place - 1) / places
	return before + 1, users*place/places - before
}

// Share is how wrk must be started as one of several processes. Where each virtual
// user has a thread, it has one in its share; else threads divide the connections.
func (c Command) Share(place, places int) Command {
	all := c.Connections
	_, c.Connections = ShareOf(all, place, places)
	if c.Threads == all {
		c.Threads = c.Connections
	} else {
		c.Threads = dividing(c.Threads, c.Connections)
	}
	return c
}

// dividing is the most threads up to a number that all have equally many connections.
func dividing(threads, connections int) int {
	threads = max(min(threads, connections), 1)
	for connections%threads != 0 {
		threads--
	}
	return threads
}

// ownEnv is the environment of this process for scripts that wrk does not run: they
// are whole, whatever a run by hand was told.
func ownEnv(name string) (string, bool) {
	if name == "TASKBENCH_SHARE" || name == "TASKBENCH_GO" {
		return "", false
	}
	return os.LookupEnv(name)
}
