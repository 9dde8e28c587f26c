package parse

// LittleRatio checks a closed-loop run against Little's law: with every
// connection always waiting for an answer, connections = throughput × mean
// latency. It returns connections / (throughputPS × meanUS in seconds): about
// 1 for a run whose figures hold together; well above 1 if connections hang
// or the client waits between requests (think time, a client at its limit);
// well below 1 if latencies were invented, as wrk's correction does.
//
// It is 0 when there is nothing to check: no throughput or no latency.
//
// J. D. C. Little, "A Proof for the Queuing Formula: L = λW", Operations
// Research 9 (3), 1961.
func LittleRatio(connections int, throughputPS, meanUS float64) float64 {
	inFlight := throughputPS * meanUS / 1e6
	if !(inFlight > 0) {
		return 0
	}
	return float64(connections) / inFlight
}
