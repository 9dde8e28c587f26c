// Package othertools knows what k6, Artillery, Locust and JMeter call the things that
// scenarios have, and what older habits call them: who writes their words is told ours.
package othertools

// InStep is how what a key of a step means is written here; "" where it means nothing
// that is known.
func InStep(key string) string { return steps[key] }

// InScenario is the same of a key of a whole scenario.
func InScenario(key string) string {
	if hint := sections[key]; hint != "" {
		return hint
	}
	return inLoadOf(key)
}

// InProfile is the same of a key of a profile.
func InProfile(key string) string {
	if key == "target" {
		return "write targets: [NAME], of those that are configured"
	}
	return inLoadOf(key)
}

// inLoadOf is how a key of a load is written around it.
func inLoadOf(key string) string {
	if l, known := loads[key]; known {
		return "write load: {" + l.write + "}" + l.why
	}
	return ""
}

// InLoad is the same of a key of a load.
func InLoad(key string) string {
	if l, known := loads[key]; known {
		return "write " + l.write + l.why
	}
	return sections[key]
}

// InStage is the same of a key of a stage of a load.
func InStage(key string) string { return stages[key] }

// InJourney is the same of a key of a flow within a mix.
func InJourney(key string) string { return journeys[key] }

var journeys = map[string]string{
	"steps": "write flow: […]", "request": "write it as a step of flow", "requests": "write flow: […]", "exec": "write flow: […]",
}

// steps are what the keys of a step are called elsewhere.
var steps = map[string]string{
	"until": "write repeat: {until: {json: {state: done}}, max: 10}", "while": "write repeat: {while: {json: {more: true}}, max: 10}",
	"loop": "write repeat: 3, or for_each over a list", "count": "write repeat: 3", "times": "write repeat: 3", "poll": "write repeat: {until: …, max: 10}",
	"whileTrue": `write repeat: {while: "${x} exists", max: 10}`, "foreach": eachHint, "forEach": eachHint, "for-each": eachHint, "over": eachHint,
	"ifTrue": ifHint, "when": ifHint, "unless": ifHint, "condition": ifHint,
	"retries": retryHint, "max_retries": retryHint, "on_error": retryHint,
	"follow_redirects": hopHint, "followRedirect": hopHint, "followRedirects": hopHint, "allow_redirects": hopHint, "maxRedirects": hopHint,
	"data": bodyHint, "payload": bodyHint, "content": bodyHint, "postData": bodyHint,
	"get": requestHint, "post": requestHint, "put": requestHint, "patch": requestHint, "delete": requestHint, "uri": requestHint,
	"sleep": "write think: 100ms", "pause": "write think: 100ms", "wait_time": "write think: 100ms", "delay": "write think: 100ms",
	"checks": "write expect: {status: 200}", "check": "write expect: {status: 200}", "assert": "write expect: {status: 200}", "status": "write expect: {status: 200}",
	"formData": multipartHint, "files": multipartHint, "upload": multipartHint, "auth": authHint, "basic_auth": authHint, "params": "write them behind the path: GET /items?page=2", "qs": "write them behind the path: GET /items?page=2",
	"extends": "write use: the name of a step of steps", "gzip": `write headers: {Accept-Encoding: gzip}`,
	"extract": "write capture: {id: data.id}", "save": "write capture: {id: data.id}", "url": "write request: GET /path; the target's URL has the host",
}

// loads are what the keys of a load are, and why where it is not the same.
var loads = map[string]word{
	"vus": users, "users": users, "clients": users, "concurrency": users, "virtual_users": users, "threadCount": users, "num_threads": users, "maxVUs": users, "maxVusers": users, "preAllocatedVUs": users,
	"iterations": counted, "requests": counted, "loops": counted, "requests_total": counted, "num_requests": counted, "arrivalCount": counted,
	"run_time": length, "runTime": length, "run-time": length, "length": length, "time": length,
	"spawn_rate": ramp, "hatch_rate": ramp, "spawn-rate": ramp, "rampUp": ramp, "ramp_up": ramp, "rampup": ramp, "ramp_time": ramp, "rampTo": ramp, "phases": ramp,
	"wait_time": pause, "wait": pause, "sleep": pause, "pause": pause, "pacing": pause, "think_time": pause, "thinkTime": pause,
	"rps": paced, "qps": paced, "arrivalRate": paced, "arrival_rate": paced, "constantArrivalRate": paced, "startRate": paced, "timeUnit": paced,
	"warm_up": warm, "warmUp": warm, "warm-up": warm,
}

type word struct{ write, why string }

var (
	users   = word{"connections: 50", ", one virtual user each"}
	counted = word{"duration: 10s", ": a measurement lasts for a time, not for a number of requests"}
	length  = word{"duration: 10s", ""}
	ramp    = word{"stages: [{duration: 10s, rate: 100/s -> 500/s}]", "; without rates, all connections begin at once"}
	pause   = word{"think: {mean: 20ms, distribution: uniform}", ", or think: 20ms"}
	paced   = word{"rate: 100/s", ""}
	warm    = word{"warmup: 2s", ""}
)

// stages are what the keys of a stage are.
var stages = map[string]string{
	"target": "write rate: 500/s, or a ramp: 100/s -> 500/s", "arrivalRate": "write rate: 500/s", "rampTo": "write rate: 100/s -> 500/s", "rps": "write rate: 500/s",
	"users": stageHint, "vus": stageHint, "connections": stageHint, "spawn_rate": stageHint,
}

// sections are what the keys of a whole scenario are.
var sections = map[string]string{
	"on_start": "write before: [steps], or setup: [steps]: once for each virtual user", "on_stop": "write after: [steps]: once for each virtual user",
	"beforeAll": "write setup: {once: true, steps: […]}", "afterAll": "write teardown: [steps]", "cleanup": "write teardown: [steps]", "tearDown": "write teardown: [steps]", "setUp": "write setup: [steps]",
	"scenarios": journeyHint, "journeys": journeyHint, "tasks": journeyHint, "scenario": "write flow: [steps]", "requests": "write flow: [steps]",
	"config": "write load: {connections: 50, duration: 10s}, and give the target with --target http://localhost:3000", "options": "write load: {connections: 50, duration: 10s}", "target": targetHint, "host": targetHint, "server": targetHint, "url": targetHint, "base_url": targetHint, "baseUrl": targetHint, "baseURL": targetHint,
	"thresholds": "write expected: {p95: < 10ms}", "ensure": "write expected: {p95: < 10ms}", "variables": "write vars: {name: value}", "payload": "write data: {people: {file: people.csv}}",
	"environments": profileHint, "environment": profileHint, "defaults": commonHint, "common": commonHint, "default_headers": commonHint, "import": includeHint, "extends": includeHint, "includes": includeHint,
	"insecureSkipTLSVerify": verifyHint, "insecure": verifyHint, "verify": verifyHint, "tlsAuth": certHint, "cert": certHint,
	"cookieJar": "write cookies: on", "follow_redirects": hopHint, "followRedirects": hopHint,
}

const (
	profileHint   = "write profiles: {ci: {load: …, vars: …}}, and run with --profile ci"
	commonHint    = "write headers: and expect: of all steps beside flow:"
	includeHint   = "write include: common.yaml"
	verifyHint    = "write tls: {verify: true}; certificates are not looked at without it"
	certHint      = "wrk sends no certificates of clients; put a proxy before the server that has one"
	bodyHint      = "write form: {name: text}, or body: text as it stands; json: {name: text} is JSON"
	requestHint   = "write request: GET /path"
	targetHint    = "give it with --target http://localhost:3000; a scenario is the same for all targets"
	stageHint     = "write rate: 500/s: stages are of rates; other numbers of connections are load: {connections: [10, 50]}"
	multipartHint = "write multipart: {title: text, photo: {file: photo.png}}"
	authHint      = `write headers: {Authorization: "Basic ${base64(user:pass)}"}`
	journeyHint   = "write mix: [{name: browse, weight: 8, flow: [steps]}]"
	eachHint      = `write for_each: "${ids}", and ${each} for the element`
	ifHint        = `write if: "${next} exists"`
	retryHint     = "write retry: {on: [503], times: 3, wait: 100ms}"
	hopHint       = "write redirects: 5; none are followed without it"
)
