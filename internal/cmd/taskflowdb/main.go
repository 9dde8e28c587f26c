// Command taskflowdb is the reference TaskFlow server with PostgreSQL behind it:
// for the tests, and for whoever wants to try taskbench on what only a database
// does. Registrations at once use up its pool, tables grow, a reset empties them,
// passwords cost what they cost the real servers. It is a program of its own, so
// that taskbench carries no database driver.
//
// It is no TaskFlow server of Windjammer's or Rust's, and says so in /health:
// its figures say nothing about either.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"taskbench/internal/taskflow"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "taskflowdb:", err)
		os.Exit(1)
	}
}

// options are what a server is started with.
type options struct {
	server      taskflow.Config
	address     string
	database    string
	connections int
	patience    time.Duration
}

func run(ctx context.Context, args []string, env func(string) string, stderr io.Writer) error {
	o, err := read(args, env, stderr)
	if err != nil {
		return err
	}
	s, err := openStore(ctx, o.database, int32(o.connections), o.patience)
	if err != nil {
		return err
	}
	defer s.pool.Close()
	listener, err := net.Listen("tcp", o.address)
	if err != nil {
		return err
	}
	o.server.Store, o.server.Storage, o.server.OneActor = s, "PostgreSQL", true
	fmt.Fprintf(stderr, "%s with PostgreSQL (%s dialect) on http://%s\n", taskflow.Name, o.server.Dialect, listener.Addr())
	return taskflow.Serve(ctx, o.server, listener)
}

// read takes flags, and the variables of the real servers where a flag is not given.
func read(args []string, env func(string) string, stderr io.Writer) (options, error) {
	o := options{server: taskflow.Config{Secret: []byte(env("JWT_SECRET"))}}
	flags := flag.NewFlagSet("taskflowdb", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.address, "addr", net.JoinHostPort(or(env("HOST"), "127.0.0.1"), or(env("PORT"), "3000")), "listen on `HOST:PORT`; or by HOST and PORT")
	flags.StringVar(&o.database, "database", or(env("DATABASE_URL"), "postgresql://postgres:postgres@localhost/taskflow"), "`URL` of the database; or by DATABASE_URL")
	flags.IntVar(&o.connections, "pool", 5, "`N` connections to it")
	flags.DurationVar(&o.patience, "pool-timeout", 30*time.Second, "wait for one of them so long, then answer 500")
	flags.IntVar(&o.server.BcryptCost, "bcrypt-cost", 0, "of passwords, `N` from 4 (default) to 31; the real servers use 12")
	flags.DurationVar(&o.server.Delay, "delay", 0, "wait for `TIME` before every answer")
	flags.BoolVar(&o.server.Observe, "observe", false, "time every answer, and report at "+taskflow.StatsPath)
	dialect := flags.String("dialect", "rust", "statuses and bodies of `NAME`: "+taskflow.DialectNames())
	slow := flags.String("slow", "0%", "`PERCENT` more CPU work of this process, not of the database, for every request")
	rate := flags.String("error-rate", "0%", "answer `PERCENT` of the requests with 500")
	err := flags.Parse(args)
	for _, convert := range []func() error{
		func() (err error) { o.server.Dialect, err = taskflow.ParseDialect(*dialect); return },
		func() (err error) { o.server.Slow, err = taskflow.ParsePercent(*slow); return },
		func() (err error) { o.server.ErrorRate, err = taskflow.ParsePercent(*rate); return },
		func() error { return o.server.Validate() },
		o.check,
	} {
		if err == nil {
			err = convert()
		}
	}
	return o, err
}

func (o options) check() error {
	switch {
	case o.connections < 1 || o.connections > 1000:
		return fmt.Errorf("--pool %d is out of range: 1 to 1000", o.connections)
	case o.patience <= 0:
		return fmt.Errorf("--pool-timeout %s: wait for some time", o.patience)
	}
	return nil
}

func or(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}
