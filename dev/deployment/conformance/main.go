// Command conformance tests the development deployment with Convex's own published clients:
//
//	go run ./dev/deployment/conformance [suite...]
//
// Suites are js (npm convex), python (PyPI convex), rust (the crate convex) and frames (the message types of the crate
// convex_sync_types, for every kind of frame that this module's client and deployment send, and for every frame that the
// client sends in its own tests and the gateway's); without names, all of them. They need Node 20.11, Python 3.9 and Rust
// 1.85 or later, and fetch the rest themselves, at pinned versions.
//
// Each suite has a deployment of its own, with controls, at DEPLOYMENT_URL. Where CONVEX_TEST_URL names another one, with
// examples/convex-app, the suites of clients run against that, and skip what needs controls, and what needs tokens
// (CONVEX_TEST_TOKEN, CONVEX_TEST_TOKENS) or an admin key (CONVEX_TEST_ADMIN_KEY) that they have not got. The command fails if a
// suite fails or has run no test.
//
// Glossary:
//
//	exchange   messages to a deployment, sent by no client, for the kinds of answers that clients do not cause
//	fixture    messages that the crate has written, which client and deployment must accept
//	frame      a message of the sync protocol, as text
//	recording  the frames between clients and a deployment, which the crate checks
//	suite      the tests of one client
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

// run runs the named suites, all of them even if one fails.
func run(ctx context.Context, names []string, out io.Writer) error {
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	dir, err := sourceDir(ctx)
	if err != nil {
		return err
	}
	var failures []error
	for _, s := range chosen {
		fmt.Fprintf(out, "\n== %s\n", s.name)
		passed, err := s.run(ctx, dir, out)
		if err != nil {
			err = fmt.Errorf("%s: %w", s.name, err)
			fmt.Fprintln(out, "FAIL", err)
			failures = append(failures, err)
			continue
		}
		fmt.Fprintf(out, "ok %s: %d passed\n", s.name, passed)
	}
	return errors.Join(failures...)
}

func choose(names []string) ([]suite, error) {
	if len(names) == 0 && os.Getenv(urlVariable) != "" {
		return slices.DeleteFunc(slices.Clone(suites), func(s suite) bool { return s.prepare != nil }), nil
	}
	if len(names) == 0 {
		return suites, nil
	}
	var chosen []suite
	for _, name := range names {
		i := slices.IndexFunc(suites, func(s suite) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no suite %q", name)
		}
		if suites[i].prepare != nil && os.Getenv(urlVariable) != "" {
			return nil, fmt.Errorf("suite %q needs a deployment of its own", name)
		}
		chosen = append(chosen, suites[i])
	}
	return chosen, nil
}

// sourceDir is the folder of this file, wherever in the module the command is run.
func sourceDir(ctx context.Context) (string, error) {
	dir, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "convexgateway/dev/deployment/conformance").Output()
	if err != nil {
		return "", fmt.Errorf("run me inside the module: %w", err)
	}
	return strings.TrimSpace(string(dir)), nil
}
