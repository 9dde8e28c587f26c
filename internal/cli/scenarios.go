package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/order"
	"taskbench/internal/page"
	"taskbench/scenarios"
)

func scenariosCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:  "scenarios",
		Usage: "the scenarios that are there, and the format of your own",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "the scenarios that are run here, or those named", ArgsUsage: "[SCENARIO|FILE.yaml|FOLDER...]", Flags: append(order.ScenarioFlags(), order.ConfigFlag(), console.FormatOf(console.Formats...)),
				Action: func(c *cli.Context) error { return listScenarios(c, p) }},
			{Name: "show", Usage: "print a scenario's YAML, to read it or to start from it", ArgsUsage: "SCENARIO|FILE.yaml|URL...", Flags: append(order.ScenarioFlags(), order.ConfigFlag(), console.FormatOf("yaml", "json")),
				Action: func(c *cli.Context) error { return showScenario(c, p) }},
			{Name: "lint", Usage: "find what is legal in a scenario, and unwise", Description: lintRules(), ArgsUsage: "[SCENARIO|FILE.yaml|FOLDER...]", Flags: append(order.ScenarioFlags(), order.ConfigFlag(), console.FormatOf("text", "json")),
				Action: func(c *cli.Context) error { return lintScenarios(c, p) }},
			{Name: "schema", Usage: "print the JSON Schema of scenario files, for editors", Flags: []cli.Flag{console.FormatOf("json")},
				Action: func(*cli.Context) error { return console.PrintSchema(p.Stdout, scenarios.JSONSchema) }},
		},
	}
}

// scenarioLine is what `scenarios list` tells of a scenario.
type scenarioLine struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Mode        string   `json:"mode"`
	Connections []int    `json:"connections"`
	Steps       []string `json:"steps"`
	Tags        []string `json:"tags,omitempty"`
}

// scenarioList is what `scenarios list` prints as JSON, shownScenario what
// `scenarios show` does.
type (
	scenarioList struct {
		Scenarios []scenarioLine `json:"scenarios"`
	}
	shownScenario struct {
		scenarioLine
		YAML string `json:"yaml"`
	}
)

func listScenarios(c *cli.Context, p console.Process) error {
	asked, err := order.New(c, c.Args().Slice())
	if err != nil {
		return err
	}
	loaded, err := asked.Scenarios(c)
	if err != nil {
		return err
	}
	lines := make([]scenarioLine, len(loaded))
	for i, s := range loaded {
		lines[i] = describe(s)
	}
	table := console.Listing("name", "title", "mode", "connections", "steps")
	for _, l := range lines {
		table.Rows = append(table.Rows, console.Cells(l.Name, l.Title, l.Mode, joinInts(l.Connections), strings.Join(l.Steps, ", ")))
	}
	return console.WritePage(p, page.Listing(table, scenarioList{lines}), c.String("format"))
}

func describe(s *scenarios.Scenario) scenarioLine {
	l := scenarioLine{
		Name: s.Name, Title: s.Title, Description: s.Description, Mode: string(s.Mode),
		Connections: s.Load.Connections, Tags: s.Tags,
	}
	for _, step := range s.Steps {
		l.Steps = append(l.Steps, step.Name)
	}
	return l
}

func showScenario(c *cli.Context, p console.Process) error {
	asked, err := order.New(c, c.Args().Slice())
	if err != nil {
		return err
	}
	s, err := asked.One(c, "")
	if err != nil {
		return err
	}
	if console.AsJSON(c) {
		return console.WriteJSON(p.Stdout, shownScenario{describe(s), string(s.Text)})
	}
	_, err = p.Stdout.Write(s.Text)
	return err
}

func joinInts(values []int) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(values)), ", "), "[]")
}
