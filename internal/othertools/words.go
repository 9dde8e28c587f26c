// Package othertools knows what k6, Artillery, Locust and JMeter call the things that
// scenarios have, and what older habits call them: who writes their words is told ours.
package othertools

// InStep is how what a key of a step means is written here; "" where it means nothing
// that is known.
func InStep(key string) string { return steps[key] }

// InScenario is the same of a key of a whole scenario.
func InScenario(key string) string { return sections[key] }

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
	"sleep": "write think: 100ms", "pause": "write think: 100ms", "wait_time": "write think: 100ms", "delay": "write think: 100ms",
	"checks": "write expect: {status: 200}", "check": "write expect: {status: 200}", "assert": "write expect: {status: 200}", "status": "write expect: {status: 200}",
	"formData": multipartHint, "files": multipartHint, "upload": multipartHint, "auth": authHint, "basic_auth": authHint, "params": "write them behind the path: GET /items?page=2", "qs": "write them behind the path: GET /items?page=2",
	"extends": "write use: the name of a step of steps", "gzip": `write headers: {Accept-Encoding: gzip}`,
	"extract": "write capture: {id: data.id}", "save": "write capture: {id: data.id}", "url": "write request: GET /path; the target's URL has the host",
}

// sections are what the keys of a whole scenario are.
var sections = map[string]string{
	"on_start": "write before: [steps], or setup: [steps]: once for each virtual user", "on_stop": "write after: [steps]: once for each virtual user",
	"beforeAll": "write setup: {once: true, steps: […]}", "afterAll": "write teardown: [steps]", "cleanup": "write teardown: [steps]", "tearDown": "write teardown: [steps]", "setUp": "write setup: [steps]",
	"scenarios": journeyHint, "journeys": journeyHint, "tasks": journeyHint, "scenario": "write flow: [steps]", "requests": "write flow: [steps]",
	"config": "write load: {connections: 50, duration: 10s}", "options": "write load: {connections: 50, duration: 10s}", "phases": "write load: {rate: 100/s}", "vus": "write load: {connections: 50}", "users": "write load: {connections: 50}",
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
	multipartHint = "write multipart: {title: text, photo: {file: photo.png}}"
	authHint      = `write headers: {Authorization: "Basic ${base64(user:pass)}"}`
	journeyHint   = "write mix: [{name: browse, weight: 8, flow: [steps]}]"
	eachHint      = `write for_each: "${ids}", and ${each} for the element`
	ifHint        = `write if: "${next} exists"`
	retryHint     = "write retry: {on: [503], times: 3, wait: 100ms}"
	hopHint       = "write redirects: 5; none are followed without it"
)
