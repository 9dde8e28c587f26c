package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/figure"
	"taskbench/internal/k6"
	"taskbench/internal/server"
	"taskbench/internal/shell"
	"taskbench/internal/source"
	"taskbench/results"
)

func k6Command(p console.Process) *cli.Command {
	flags := append(scriptFlags(),
		&cli.StringFlag{Name: "o", Aliases: []string{"output"}, Value: ".", Usage: "write the script and its manifest to `FOLDER`, which is made where there is none"},
		&cli.IntFlag{Name: "processes", Value: 1, Usage: "`N` k6 processes, or pods, that share the virtual users"},
		console.FormatFlag(),
	)
	return &cli.Command{
		Name:      "k6",
		Usage:     "write a scenario as a script for k6, with a manifest for a cluster that runs k6-operator",
		ArgsUsage: "[URL] [SCENARIO|FILE.yaml]",
		Description: "Writes NAME.js and NAME.yaml, and prints how to run them and to bring the figures home (docs/distributed.md).\n" +
			"To measure with k6 on this machine: taskbench run --engine k6.",
		Flags:  flags,
		Action: func(c *cli.Context) error { return exportK6(c, p) },
	}
}

// k6Export is what `k6` wrote, and what is to be done with it.
type k6Export struct {
	Scenario  string   `json:"scenario"`
	Target    string   `json:"target"`
	URL       string   `json:"url"`
	Processes int      `json:"processes"`
	Script    string   `json:"script"`
	Manifest  string   `json:"manifest,omitempty"`
	TooLarge  string   `json:"too_large,omitempty"` // why there is no manifest
	Variables []string `json:"variables,omitempty"` // of the environment, that the scenario reads
	ByHand    []string `json:"by_hand"`             // commands, for a shell
	OnCluster []string `json:"on_cluster,omitempty"`
}

func exportK6(c *cli.Context, p console.Process) error {
	if err := console.CheckFormat(c.String("format")); err != nil {
		return err
	}
	scenario, options, err := scriptOf(c)
	if err != nil {
		return err
	}
	processes := c.Int("processes")
	if processes < 1 || processes > options.Connections {
		return console.BadFlag("--processes %d: from 1 to the number of virtual users, which is %d", processes, options.Connections)
	}
	script, command, err := k6.Script(scenario, options)
	if err != nil {
		return err
	}
	name := k6.ResourceName(scenario.Name)
	cluster := k6.Cluster{Name: name, File: name + ".js", Script: script, URL: options.URL, Processes: processes}
	base := filepath.Join(c.String("o"), name)
	e := k6Export{
		Scenario: scenario.Name, Target: options.Target, URL: options.URL, Processes: processes,
		Script: base + ".js", Manifest: base + ".yaml", Variables: cluster.Variables(),
	}
	if err := e.write(cluster); err != nil {
		return err
	}
	settingUp := time.Duration(len(scenario.Setup)*options.Connections) * onePerUser
	e.ByHand = byHand(e, base, startsByHand+settingUp)
	if e.TooLarge == "" {
		e.OnCluster = onCluster(e, cluster, base, startsOnCluster+settingUp, time.Duration(command.Seconds)*time.Second)
	}
	if console.AsJSON(c) {
		return console.WriteJSON(p.Stdout, e)
	}
	explainK6(p.Stdout, e)
	return nil
}

// write writes the script, and its manifest where one can hold it. One of before, with
// another script, is taken away then.
func (e *k6Export) write(c k6.Cluster) error {
	const hint = "name a folder that can be written: -o FOLDER"
	if err := os.MkdirAll(filepath.Dir(e.Script), 0o755); err != nil {
		return source.WithHint(err, hint)
	}
	if err := results.WriteFile(e.Script, c.Script); err != nil {
		return source.WithHint(err, hint)
	}
	manifest, err := c.Manifest()
	if err == nil {
		return source.WithHint(results.WriteFile(e.Manifest, manifest), hint)
	}
	if !errors.Is(err, k6.ErrTooLarge) {
		return err
	}
	if err := os.Remove(e.Manifest); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return source.WithHint(err, hint)
	}
	e.Manifest, e.TooLarge = "", err.Error()
	return nil
}

// How long behind the start of a test its virtual users begin: all processes are up by
// then, and virtual users are set up. Pods are placed first, and fetch their image.
const (
	startsByHand    = 15 * time.Second
	startsOnCluster = 2 * time.Minute
	onePerUser      = 100 * time.Millisecond // for a step of a setup
)

// byHand are the commands that run a script on this machine; base begins the names of
// its files. That k6 makes no summary is said by a variable: it has no flag for it that
// 1.0 knows and 1.8 does not warn of.
func byHand(e k6Export, base string, starts time.Duration) []string {
	commands := []string{"export TASKBENCH_GO=" + k6.In(int(starts.Seconds())), "export K6_NO_SUMMARY=true"}
	var logs []string
	for i := range e.Processes {
		log := fmt.Sprintf("%s.%d.log", base, i+1)
		logs = append(logs, log)
		words := append([]string{"k6", "run", "--quiet", "--no-usage-report", "--log-format", "json", "--address", ""}, k6.Segment(i, e.Processes)...)
		commands = append(commands, shell.Join(append(words, e.Script)...)+" 2> "+shell.Argument(log)+" &")
	}
	return append(commands, "wait", "taskbench parse --k6 "+shell.Join(logs...))
}

// onCluster are those that run it on a cluster.
func onCluster(e k6Export, c k6.Cluster, base string, starts, longest time.Duration) []string {
	manifest, log := shell.Argument(e.Manifest), shell.Argument(base+".log")
	return []string{
		c.Start(manifest, int(starts.Seconds())),
		fmt.Sprintf("kubectl wait testrun/%s --for=jsonpath='{.status.stage}'=finished --timeout=%.0fs", c.Name, (starts + longest + time.Minute).Seconds()),
		fmt.Sprintf("kubectl logs --tail=-1 -l k6_cr=%s,runner=true > %s", c.Name, log),
		"taskbench parse --k6 " + log,
		"kubectl delete -f " + manifest,
	}
}

func explainK6(w io.Writer, e k6Export) {
	say := func(title string, commands []string) {
		fmt.Fprintf(w, "\n# %s\n", title)
		for _, c := range commands {
			fmt.Fprintln(w, c)
		}
	}
	fmt.Fprintf(w, "%s: %s on %s\n", strings.Join(slices.DeleteFunc([]string{e.Script, e.Manifest}, func(s string) bool { return s == "" }), " and "), e.Scenario, e.URL)
	say("on this machine:", e.ByHand)
	if e.TooLarge != "" {
		fmt.Fprintf(w, "\n! no manifest for a cluster: %s; give the scenario less data, or put the script on a volume (spec.script.volumeClaim)\n", e.TooLarge)
		return
	}
	say(fmt.Sprintf("on a cluster with k6-operator, in %s; nodes must agree on the time:", figure.Count(e.Processes, "pod")), e.OnCluster)
	if len(e.Variables) > 0 {
		fmt.Fprintf(w, "\n! the scenario reads %s: pods have no such variable unless the manifest gives it to them (spec.runner.env, from a Secret)\n", strings.Join(e.Variables, ", "))
	}
	if server.OnThisMachine(e.URL) {
		fmt.Fprintf(w, "\n! in a pod %s is the pod itself: name the server by the address that pods reach it at, with --url\n", e.URL)
	}
}
