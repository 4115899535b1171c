//go:build recordframes

package transport

import (
	"os"
	"slices"
	"sync"
)

func init() { recordSent = appendFrame }

// appendFrame appends a message to the deployment, as a line `{"from":"client","frame":…}`, to the file that the environment
// variable CONVEX_RECORD_FRAMES names; without it, nothing. It is for conformance runs only: the file holds the tokens and
// arguments of tests. Goroutines and processes may share the file, as each line is one append. It panics if it cannot
// write: a recording with gaps would prove nothing.
func appendFrame(message []byte) {
	file := recording()
	if file == nil {
		return
	}
	if _, err := file.Write(slices.Concat([]byte(`{"from":"client","frame":`), message, []byte("}\n"))); err != nil {
		panic(err)
	}
}

// recording is the open file; nil if none is wanted. It is never closed.
var recording = sync.OnceValue(func() *os.File {
	name := os.Getenv("CONVEX_RECORD_FRAMES")
	if name == "" {
		return nil
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // the name is of who runs the tests
	if err != nil {
		panic(err)
	}
	return file
})
