package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"
)

// argsApp has every kind of flag, aliases and a command within a command.
func argsApp() *cli.App {
	return &cli.App{
		Flags: []cli.Flag{&cli.BoolFlag{Name: "quiet"}, &cli.StringFlag{Name: "root"}},
		Commands: []*cli.Command{
			{Name: "run", Aliases: []string{"r"}, Flags: []cli.Flag{
				&cli.BoolFlag{Name: "live", Aliases: []string{"l"}},
				&cli.IntFlag{Name: "pairs", Aliases: []string{"p"}},
				&cli.StringSliceFlag{Name: "target"},
				&cli.DurationFlag{Name: "duration"},
			}},
			{Name: "results", Subcommands: []*cli.Command{
				{Name: "list", Flags: []cli.Flag{&cli.StringFlag{Name: "format"}}},
			}},
		},
	}
}

func TestFlagsFirst(t *testing.T) { // not parallel: urfave/cli keeps its help flag in a variable
	cases := []struct{ name, in, want string }{
		{"nothing", "tb", "tb"},
		{"a command alone", "tb run", "tb run"},
		{"no flags", "tb run a b", "tb run a b"},
		{"in order already", "tb run --pairs 2 a b", "tb run --pairs 2 a b"},
		{"a flag with a value", "tb run a --pairs 2 b", "tb run --pairs 2 a b"},
		{"a value after an equals sign", "tb run a --pairs=2 b", "tb run --pairs=2 a b"},
		{"one dash", "tb run a -pairs 2", "tb run -pairs 2 a"},
		{"aliases", "tb r a -p 2 -l b", "tb r -p 2 -l a b"},
		{"a boolean takes no word", "tb run a --live b", "tb run --live a b"},
		{"a boolean with a value", "tb run a --live=false b", "tb run --live=false a b"},
		{"slices keep their order", "tb run --target x=1 a --target y=2", "tb run --target x=1 --target y=2 a"},
		{"a value that looks like a flag", "tb run a --duration -1s", "tb run --duration -1s a"},
		{"a dash is a word", "tb run - --live", "tb run --live -"},
		{"after two dashes all are words", "tb run a -- --live b", "tb run -- a --live b"},
		{"flags before two dashes", "tb run a --live -- -b", "tb run --live -- a -b"},
		{"two dashes as a value", "tb run a --duration -- b", "tb run --duration -- a b"},
		{"unknown flags come first", "tb run a --nope b", "tb run --nope a b"},
		{"a value is missing", "tb run a --live --pairs", "tb run --live --pairs"},
		{"global flags", "tb --root run run a --live", "tb --root run run --live a"},
		{"a global boolean", "tb --quiet run a --live", "tb --quiet run --live a"},
		{"help", "tb run a --help", "tb run --help"},
		{"help after flags", "tb run a --pairs 2 -h b", "tb run -h"},
		{"help as a value", "tb run a --target --help", "tb run --target --help a"},
		{"commands within commands", "tb results list a --format json", "tb results list --format json a"},
		{"an unknown command", "tb rnu a --pairs 2", "tb rnu a --pairs 2"},
		{"completion stays last", "tb run a --live " + completionWord, "tb run a --live " + completionWord},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := flagsFirst(argsApp(), strings.Fields(c.in))
			if diff := cmp.Diff(strings.Fields(c.want), got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What an argument line means does not depend on the place of its flags: once
// in order it stays as it is, no word is made up, and each kind keeps its order.
func FuzzFlagsFirst(f *testing.F) {
	for _, seed := range []string{
		"run a --pairs 2 b", "run -- a", "results list x --format json y", "--root x run - -l --", "run --pairs",
		"run a --target x --target y -p", "--quiet", "nope a -b",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		argv := append([]string{"tb"}, strings.Fields(line)...)
		given := slices.Clone(argv)
		once := flagsFirst(argsApp(), argv)
		if diff := cmp.Diff(given, argv); diff != "" {
			t.Fatalf("the argument was changed:\n%s", diff)
		}
		if diff := cmp.Diff(once, flagsFirst(argsApp(), once)); diff != "" {
			t.Fatalf("not idempotent (-once +twice):\n%s", diff)
		}
		if len(once) != len(argv) {
			last := once[len(once)-1]
			if help := strings.TrimLeft(last, "-"); help != "help" && help != "h" && last != argv[len(argv)-1] {
				t.Fatalf("%q lost words: %q", argv, once)
			}
			return
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(argv)), slices.Sorted(slices.Values(once))); diff != "" {
			t.Fatalf("other words (-given +ordered):\n%s", diff)
		}
	})
}
