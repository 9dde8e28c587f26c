package k6

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"taskbench/internal/k6/k6test"
)

// testRunSchema is what k6-operator's CRD (testruns.k6.io, v1alpha1) has of the keys of
// a manifest, with their types: nothing else may stand in it.
type testRunSchema struct {
	APIVersion string         `yaml:"apiVersion"`
	Kind       string         `yaml:"kind"`
	Metadata   objectMetadata `yaml:"metadata"`
	Spec       struct {
		Arguments   string   `yaml:"arguments"`
		Cleanup     string   `yaml:"cleanup"`
		Parallelism int32    `yaml:"parallelism"` // required
		Paused      string   `yaml:"paused"`
		Quiet       string   `yaml:"quiet"`
		Separate    bool     `yaml:"separate"`
		Script      struct { // required
			ConfigMap struct {
				Name string `yaml:"name"` // required
				File string `yaml:"file"`
			} `yaml:"configMap"`
			LocalFile string `yaml:"localFile"`
		} `yaml:"script"`
		Runner struct {
			Image           string `yaml:"image"`
			ImagePullPolicy string `yaml:"imagePullPolicy"`
			Env             []struct {
				Name  string `yaml:"name"`
				Value string `yaml:"value"`
			} `yaml:"env"`
		} `yaml:"runner"`
	} `yaml:"spec"`
}

type configMapSchema struct {
	APIVersion string            `yaml:"apiVersion"`
	Kind       string            `yaml:"kind"`
	Metadata   objectMetadata    `yaml:"metadata"`
	Data       map[string]string `yaml:"data"`
}

type objectMetadata struct {
	Name string `yaml:"name"`
}

// read takes a manifest apart as Kubernetes does: unknown keys are an error.
func read(t *testing.T, manifest []byte) (script configMapSchema, test testRunSchema) {
	t.Helper()
	d := yaml.NewDecoder(bytes.NewReader(manifest), yaml.Strict())
	if err := d.Decode(&script); err != nil {
		t.Fatal(err)
	}
	if err := d.Decode(&test); err != nil {
		t.Fatal(err)
	}
	if err := d.Decode(new(any)); err != io.EOF {
		t.Fatalf("more than two objects: %v", err)
	}
	return script, test
}

func TestManifest(t *testing.T) {
	text := "// a: \"b\" – 'c' | é\n\tconst x = `${1}`\n\n  # not: yaml\n...\n---\nend() // " + Placeholder + "x\n"
	c := Cluster{Name: ResourceName("Checkout_Flow"), File: "checkout.js", Script: []byte(text), URL: "http://shop.test:8080/api", Processes: 3}
	manifest, err := c.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	script, test := read(t, manifest)
	if script.APIVersion != "v1" || script.Kind != "ConfigMap" || script.Metadata.Name != "checkout-flow" || script.Data["checkout.js"] != text || len(script.Data) != 1 {
		t.Errorf("%+v", script)
	}
	if !bytes.Contains(manifest, []byte("    // a: \"b\" – 'c' | é\n")) {
		t.Errorf("the script is not to be read in it:\n%s", manifest)
	}
	s := test.Spec
	if test.APIVersion != "k6.io/v1alpha1" || test.Kind != "TestRun" || test.Metadata.Name != "checkout-flow" || s.Parallelism != 3 || s.Separate || s.Runner.Image != Image ||
		s.Script.ConfigMap.Name != "checkout-flow" || s.Script.ConfigMap.File != "checkout.js" {
		t.Errorf("%+v", test)
	}
	env := map[string]string{}
	for _, v := range s.Runner.Env {
		env[v.Name] = v.Value
	}
	if env["TASKBENCH_URL"] != c.URL || env["TASKBENCH_GO"] != Placeholder || env["K6_NO_SUMMARY"] != "true" {
		t.Errorf("%v", env)
	}
	if Image != "grafana/k6:"+strings.TrimPrefix(k6test.Version, "v") {
		t.Errorf("the image is %s, and tests have %s", Image, k6test.Version)
	}
}

// When the moment is put in, it is a text still: Kubernetes takes no number for the
// value of a variable, and Go's decoder, which the other tests use, does.
func TestManifestsMoment(t *testing.T) {
	manifest, err := Cluster{Name: "a", File: "a.js", URL: "http://a?b={c}&d=\"e\": f", Processes: 1}.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	_, test, _ := strings.Cut(strings.ReplaceAll(string(manifest), Placeholder, "1795946408000000"), "---\n")
	var got struct {
		Spec struct {
			Runner struct {
				Env []struct{ Value any }
			}
		}
	}
	if err := yaml.Unmarshal([]byte(test), &got); err != nil {
		t.Fatal(err)
	}
	for i, want := range []any{"http://a?b={c}&d=\"e\": f", "1795946408000000", "true"} {
		if env := got.Spec.Runner.Env; i >= len(env) || env[i].Value != want {
			t.Errorf("variable %d of %+v, want %q", i, env, want)
		}
	}
}

func TestManifestThatKubernetesDoesNotTake(t *testing.T) {
	if _, err := (Cluster{Name: "a", File: "a.js", Script: make([]byte, 1<<20), Processes: 1}).Manifest(); !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "1048576 bytes, and a ConfigMap takes") {
		t.Errorf("%v", err)
	}
}

// A name is one for a service, too, which begins with a letter, and names that begin alike
// stay apart.
func TestNamesThatKubernetesTakes(t *testing.T) {
	valid := regexp.MustCompile(`^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$`)
	of := map[string]string{}
	long := strings.Repeat("long", 30)
	for _, name := range []string{"workflow", "A b/c", "é", "-a-", "1", "2-steps", strings.Repeat("9", 70), strings.Repeat("x", 39) + "_y", strings.Repeat("x", 40), long, long + "a", strings.Repeat("ab-", 30)} {
		got := ResourceName(name)
		if !valid.MatchString(got) {
			t.Errorf("%q becomes %q", name, got)
		}
		if before, twice := of[got]; twice {
			t.Errorf("%q and %q both become %q", before, name, got)
		}
		of[got] = name
	}
	for name, want := range map[string]string{"workflow": "workflow", "2-steps": "test-2-steps", "": "test", "--": "test", strings.Repeat("x", 40): strings.Repeat("x", 40)} {
		if got := ResourceName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

// k6 takes the manifest's arguments in all commands that the operator gives them to.
func TestManifestsArguments(t *testing.T) {
	k6 := k6test.Path(t)
	manifest, err := Cluster{Name: "a", File: "a.js", Processes: 2}.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	_, test := read(t, manifest)
	folder := t.TempDir()
	script := filepath.Join(folder, "a.js")
	if err := os.WriteFile(script, []byte("export default function () {}"), 0o600); err != nil {
		t.Fatal(err)
	}
	arguments := strings.Fields(test.Spec.Arguments)
	archive := []string{"archive", "-O", filepath.Join(folder, "a.tar")}
	for _, a := range arguments {
		if a != "--no-usage-report" { // the operator leaves that out
			archive = append(archive, a)
		}
	}
	for _, args := range [][]string{append(archive, script), append(append([]string{"run", "--address", ""}, arguments...), script)} {
		if out, err := exec.Command(k6, args...).CombinedOutput(); err != nil {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}

// The command that begins a test puts in a moment that is so far away.
func TestStart(t *testing.T) {
	folder := t.TempDir()
	manifest, kubectl := filepath.Join(folder, "a.yaml"), filepath.Join(folder, "kubectl")
	script := "// " + Placeholder + "\nvalue: \"" + Placeholder + "\"\n"
	text, err := Cluster{Name: "1e3", File: "1e3.js", Script: []byte(script), URL: "1", Processes: 2}.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string]string{manifest: string(text), kubectl: "#!/bin/sh\n[ \"$*\" = 'create -f -' ] && cat"} {
		if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(context.Background(), "sh", "-c", Cluster{}.Start(manifest, 120))
	cmd.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
	before := time.Now().Unix()
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	sent, test := read(t, out)
	if sent.Data["1e3.js"] != script {
		t.Errorf("the script has become\n%s", sent.Data["1e3.js"])
	}
	for _, line := range regexp.MustCompile(`(?m)^ +(name|file|value): .*$`).FindAllString(string(out), -1) {
		if !strings.Contains(line, `"`) && !regexp.MustCompile(`name: [A-Z]`).MatchString(line) {
			t.Errorf("what must be text may be read as another type: %s", line)
		}
	}
	for _, v := range test.Spec.Runner.Env {
		if v.Name != "TASKBENCH_GO" {
			continue
		}
		var us int64
		if _, err := fmt.Sscan(v.Value, &us); err != nil || us < (before+120)*1e6 || us > (time.Now().Unix()+120)*1e6 {
			t.Errorf("%q, %v", v.Value, err)
		}
	}
}
