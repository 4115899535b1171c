//go:build recordframes

package transport

import (
	"os"
	"slices"
)

// init opens the file that the environment variable CONVEX_RECORD_FRAMES names; without it nothing is recorded. The file is never
// closed, and is open before any test counts open files.
func init() {
	name := os.Getenv("CONVEX_RECORD_FRAMES")
	if name == "" {
		return
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // the name is of who runs the tests
	if err != nil {
		panic(err)
	}
	recordSent = func(message []byte) { appendFrame(file, message) }
}

// appendFrame appends a message to the deployment, as a line `{"from":"client","frame":…}`. It is for conformance runs only: the
// file holds the tokens and arguments of tests. Goroutines and processes may share the file, as each line is one append. It panics
// if it cannot write: a recording with gaps would prove nothing.
func appendFrame(file *os.File, message []byte) {
	if _, err := file.Write(slices.Concat([]byte(`{"from":"client","frame":`), message, []byte("}\n"))); err != nil {
		panic(err)
	}
}
