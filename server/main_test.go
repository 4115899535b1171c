package server

import (
	"flag"
	"net/http"
	"testing"

	"go.uber.org/goleak"
)

// parallelTests are how many tests run at once, unless -parallel says otherwise. Most of them wait for the end of a token or of a
// pause, so there may be more of them than processors.
const parallelTests = "8"

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", parallelTests); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(suite{m})
}

// suite closes what the tests share before goroutines are counted.
type suite struct{ *testing.M }

func (s suite) Run() int {
	defer http.DefaultTransport.(*http.Transport).CloseIdleConnections() // the sync client's, of refused upgrades
	return s.M.Run()
}
