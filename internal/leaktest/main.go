package leaktest

import (
	"fmt"
	"io"
	"os"
	"time"

	"go.uber.org/goleak"
)

// patience is how long goroutines may take to end, and files to be closed, in real time. Only a leak takes all of it.
const patience = 30 * time.Second

// Suite runs the tests of a package, and returns the exit code, as [testing.M] does.
type Suite interface{ Run() int }

// Main runs a package's tests for its TestMain, and ends the process. It fails tests that pass and leave goroutines. goleak alone
// looks for half a second (go.uber.org/goleak options.go), in which a busy machine may not run what is about to end.
func Main(tests Suite) { os.Exit(run(tests, patience, os.Stderr)) }

// run is Main with a limit; it writes to log what is left.
func run(tests Suite, limit time.Duration, log io.Writer) int {
	if code := tests.Run(); code != 0 {
		return code
	}
	if err := find(limit); err != nil {
		fmt.Fprintf(log, "leaktest: %v\n", err)
		return 1
	}
	return 0
}

// find looks for goroutines until there are none or the limit is over, and returns an error that lists them.
func find(limit time.Duration, options ...goleak.Option) error {
	for end := time.Now().Add(limit); ; {
		if err := goleak.Find(options...); err == nil || time.Now().After(end) {
			return err
		}
	}
}
