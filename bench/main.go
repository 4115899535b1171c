package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run serves one of the command's own servers, or measures and prints the table.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) > 0 && args[0] == serveArg {
		return serve(ctx, args[1:], os.Stdin, stdout)
	}
	s, err := parse(args, stderr)
	if err != nil {
		return err
	}
	b, err := newBench(s, stderr)
	if err != nil {
		return err
	}
	defer b.close()
	err = b.run(ctx)
	b.print(stdout)
	if err == nil && len(b.faults.List()) > 0 {
		err = errors.New("the servers made mistakes; see above")
	}
	return err
}

// settings are the command's flags.
type settings struct {
	sections []section
	quick    bool
	runs     int
	profile  string // directory; empty: none
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	names := flags.String("sections", "", "which to measure, separated by commas: "+strings.Join(sectionNames(), ", ")+" (default: all)")
	flags.BoolVar(&s.quick, "quick", false, "small counts: only mistakes count, figures mean nothing")
	flags.IntVar(&s.runs, "runs", 3, "how often each server is measured")
	flags.StringVar(&s.profile, "profile", "", "`directory` for CPU profiles of the gateway, which then is package bench/profiled")
	if err := flags.Parse(args); err != nil {
		return s, err
	}
	if s.quick {
		s.runs = 1
	}
	if s.runs < 1 || flags.NArg() > 0 {
		return s, errors.New("usage: go run ./bench [-sections a,b] [-quick] [-runs 3] [-profile dir]")
	}
	s.sections = sections
	if *names == "" {
		return s, nil
	}
	s.sections = nil
	for name := range strings.SplitSeq(*names, ",") {
		i := slices.IndexFunc(sections, func(x section) bool { return x.name == name })
		if i < 0 {
			return s, fmt.Errorf("-sections: there is no %q", name)
		}
		s.sections = append(s.sections, sections[i])
	}
	return s, nil
}
