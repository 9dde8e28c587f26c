package k6

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// Cluster is a test as k6-operator runs it: so many pods that share the virtual users.
type Cluster struct {
	Name      string // of its objects; ResourceName makes one
	File      string // of the script, in its ConfigMap
	Script    []byte
	URL       string // of the server, as pods reach it
	Processes int
}

// Placeholder stands in a manifest for when virtual users begin, in µs since 1970: it
// is known when the test is started, and all pods must have the same.
const Placeholder = "GO_UNIX_US"

// Image is the k6 that scripts are tested with.
const Image = "grafana/k6:1.8.1"

// ErrTooLarge is the error of a script that no manifest can hold.
var ErrTooLarge = errors.New("the script is too large for a manifest")

// mostInConfigMap is how much Kubernetes takes, in bytes, with some left for the rest.
const mostInConfigMap = 1<<20 - 16<<10

// The parts of k6-operator's TestRun (k6.io/v1alpha1) and of a ConfigMap that a test
// needs.
type (
	object struct {
		APIVersion string            `yaml:"apiVersion"`
		Kind       string            `yaml:"kind"`
		Metadata   map[string]quoted `yaml:"metadata"`
		Data       map[string]string `yaml:"data,omitempty"`
		Spec       *testRun          `yaml:"spec,omitempty"`
	}
	testRun struct {
		Parallelism int    `yaml:"parallelism"`
		Separate    bool   `yaml:"separate"` // true: a node for each pod
		Arguments   string `yaml:"arguments"`
		Script      struct {
			ConfigMap struct {
				Name quoted `yaml:"name"`
				File quoted `yaml:"file"`
			} `yaml:"configMap"`
		} `yaml:"script"`
		Runner struct {
			Image string     `yaml:"image"`
			Env   []variable `yaml:"env"`
		} `yaml:"runner"`
	}
	variable struct {
		Name  string `yaml:"name"`
		Value quoted `yaml:"value"`
	}
)

// quoted is text that stays text whatever it looks like, also when Placeholder in it
// has become a number: Kubernetes takes no other for a name or a variable.
type quoted string

func (q quoted) MarshalYAML() ([]byte, error) { return json.Marshal(string(q)) }

// placeholderLine is where the moment stands, and nothing of the script.
const placeholderLine = `^      value: "` + Placeholder + `"$`

// Manifest is what kubectl creates, when Placeholder is replaced: a ConfigMap with the
// script, and a TestRun of it. When the operator has started all pods, their virtual
// users still wait for the moment.
func (c Cluster) Manifest() ([]byte, error) {
	if len(c.Script) > mostInConfigMap {
		return nil, fmt.Errorf("%w: it has %d bytes, and a ConfigMap takes %d", ErrTooLarge, len(c.Script), mostInConfigMap)
	}
	script := object{APIVersion: "v1", Kind: "ConfigMap", Metadata: map[string]quoted{"name": quoted(c.Name)}, Data: map[string]string{c.File: string(c.Script)}}
	test := object{APIVersion: "k6.io/v1alpha1", Kind: "TestRun", Metadata: map[string]quoted{"name": quoted(c.Name)}, Spec: &testRun{
		Parallelism: c.Processes, Arguments: "--log-format=json --no-usage-report --no-thresholds",
	}}
	test.Spec.Script.ConfigMap.Name, test.Spec.Script.ConfigMap.File = quoted(c.Name), quoted(c.File)
	test.Spec.Runner.Image = Image
	test.Spec.Runner.Env = []variable{{"TASKBENCH_URL", quoted(c.URL)}, {"TASKBENCH_GO", Placeholder}, {"K6_NO_SUMMARY", "true"}}
	first, err := yaml.MarshalWithOptions(script, yaml.UseLiteralStyleIfMultiline(true))
	if err != nil {
		return nil, err
	}
	second, err := yaml.Marshal(test)
	if err != nil {
		return nil, err
	}
	return []byte("# " + Placeholder + " is when virtual users begin, in µs since 1970, the same for all pods: put it in when you create this.\n" + string(first) + "---\n" + string(second)), nil
}

var reads = regexp.MustCompile(`\b__ENV\.([A-Za-z_]\w*)`)

// Variables are those of the environment that the scenario reads, and that no pod has by
// itself.
func (c Cluster) Variables() []string {
	var names []string
	for _, m := range reads.FindAllSubmatch(c.Script, -1) {
		if name := string(m[1]); !strings.HasPrefix(name, "TASKBENCH_") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Start is the command that begins a test: so many seconds from then, in which pods
// are placed, and fetch their image. It is create and not apply, which would leave an
// earlier test of that name as it was, and takes 256 kB at most.
func (c Cluster) Start(manifest string, seconds int) string {
	return `sed '/` + placeholderLine + `/s/` + Placeholder + `/'` + In(seconds) + `/ ` + manifest + ` | kubectl create -f -`
}

// In is a moment so many seconds ahead in µs since 1970, put in by sh, bash, zsh or fish
// (which has no arithmetic of POSIX).
func In(seconds int) string {
	return "$(expr $(date +%s) + " + strconv.Itoa(seconds) + ")000000"
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// ResourceName makes a name that Kubernetes takes, also with what the operator adds: it
// makes a service for each pod, whose name begins with a letter. What is too long ends
// with a part of its hash, so that two such names stay two.
func ResourceName(text string) string {
	const most = 40
	name := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(text), "-"), "-")
	if name == "" || name[0] <= '9' {
		name = strings.TrimSuffix("test-"+name, "-")
	}
	if len(name) > most {
		mark := fmt.Sprintf("-%.3x", sha256.Sum256([]byte(text)))
		name = strings.TrimRight(name[:most-len(mark)], "-") + mark
	}
	return name
}
