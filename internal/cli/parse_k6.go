package cli

import (
	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/k6"
	"taskbench/parse"
)

// k6Flag has parse read what k6 processes logged, in place of what wrk printed.
func k6Flag() cli.Flag {
	return &cli.BoolFlag{Name: "k6", Usage: "read the logs of all k6 processes of one test (see: taskbench k6), and put together what their virtual users counted"}
}

// mergedLogs is one run, of the logs of all its processes.
func mergedLogs(p console.Process, files []string) ([]parse.Printout, error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	var logs []*k6.Log
	for _, file := range files {
		l, err := readLog(p, file)
		if err != nil {
			return nil, err
		}
		logs = append(logs, l)
	}
	block, warnings, err := k6.Merge(logs)
	if err != nil {
		return nil, err
	}
	return []parse.Printout{{Line: 1, Block: block, Warnings: warnings}}, nil
}

func readLog(p console.Process, file string) (*k6.Log, error) {
	name, in, err := openInput(p, file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return k6.ReadLog(name, in)
}
